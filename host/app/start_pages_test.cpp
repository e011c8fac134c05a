#include "app/start_pages.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <fstream>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace patchbay::app {
namespace {

/// Is any page of the mapping that holds this address in memory?
bool resident(const void* address) {
    const auto wanted = reinterpret_cast<std::uintptr_t>(address);
    std::ifstream file("/proc/self/smaps");
    bool within = false;
    for (std::string line; std::getline(file, line);) {
        std::uintptr_t begin = 0, end = 0;
        if (std::sscanf(line.c_str(), "%zx-%zx ", &begin, &end) == 2) {
            within = begin <= wanted && wanted < end;
        } else if (within && line.starts_with("Rss:")) {
            return line.find(" 0 kB") == std::string::npos;
        }
    }
    ADD_FAILURE() << "nothing is mapped there";
    return false;
}

/// A page of a file of its own, mapped for this process alone.
class MappedPage {
  public:
    MappedPage() {
        char name[] = "/tmp/patchbay-page-XXXXXX";
        const int fd = ::mkstemp(name);
        EXPECT_EQ(::write(fd, text_.data(), text_.size()), static_cast<ssize_t>(text_.size()));
        page_ = static_cast<char*>(
            ::mmap(nullptr, text_.size(), PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
        ::close(fd);
        ::unlink(name);
    }
    ~MappedPage() { ::munmap(page_, text_.size()); }
    MappedPage(const MappedPage&) = delete;
    MappedPage& operator=(const MappedPage&) = delete;

    void write(char c) { *page_ = c; }
    void make_read_only() { ::mprotect(page_, text_.size(), PROT_READ); }
    char first() const { return *static_cast<const volatile char*>(page_); }
    bool resident() const { return app::resident(page_); }

  private:
    const std::string text_ = std::string(4096, 'f');
    char* page_ = nullptr;
};

TEST(StartPages, pages_of_a_library_are_given_back_and_come_again) {
    void* const library = ::dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(library, nullptr) << ::dlerror();
    auto* const version = reinterpret_cast<int (*)()>(::dlsym(library, "PQlibVersion"));
    ASSERT_NE(version, nullptr);
    const int before = version();
    ASSERT_TRUE(resident(reinterpret_cast<void*>(version)));
    EXPECT_GT(release_start_pages(), 0u);
    EXPECT_FALSE(resident(reinterpret_cast<void*>(version)));
    EXPECT_EQ(version(), before);
    ::dlclose(library);
}

// Another thread may unmap it at any moment, and have other memory there then.
TEST(StartPages, what_is_no_librarys_is_left_alone) {
    MappedPage page;
    EXPECT_EQ(page.first(), 'f');
    page.make_read_only();
    ASSERT_TRUE(page.resident());
    release_start_pages();
    EXPECT_TRUE(page.resident());
}

TEST(StartPages, what_was_written_to_stays) {
    MappedPage relocated;
    relocated.write('r');
    relocated.make_read_only();
    MappedPage data;
    data.write('d');
    release_start_pages();
    EXPECT_TRUE(relocated.resident());
    EXPECT_EQ(relocated.first(), 'r');
    EXPECT_EQ(data.first(), 'd');
}

}  // namespace
}  // namespace patchbay::app
