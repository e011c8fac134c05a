#include "app/start_pages.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace patchbay::app {
namespace {

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
    bool resident() const {
        unsigned char in = 0;
        std::ifstream file("/proc/self/smaps");
        std::ostringstream begin;
        begin << std::hex << reinterpret_cast<std::uintptr_t>(page_) << '-';
        for (std::string line; std::getline(file, line);) {
            if (!line.starts_with(begin.str())) continue;
            while (std::getline(file, line) && !line.starts_with("Rss:")) {
            }
            in = line.find(" 0 kB") == std::string::npos;
            break;
        }
        return in != 0;
    }

  private:
    const std::string text_ = std::string(4096, 'f');
    char* page_ = nullptr;
};

TEST(StartPages, pages_as_in_their_files_are_given_back_and_come_again) {
    MappedPage page;
    EXPECT_EQ(page.first(), 'f');
    page.make_read_only();
    ASSERT_TRUE(page.resident());
    EXPECT_GT(release_start_pages(), 0u);
    EXPECT_FALSE(page.resident());
    EXPECT_EQ(page.first(), 'f');
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
