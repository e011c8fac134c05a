#include "contract/manifest/elf.hpp"

#include <cstring>
#include <elf.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/test_files.hpp"

namespace patchbay {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string good_bytes() {
    return test::read_file(test::fixture("good.so"));
}

std::string error_of(const std::string& bytes) {
    const auto facts = read_elf(bytes);
    return facts ? std::string() : facts.error();
}

template <class T>
void put(std::string& bytes, std::size_t offset, T value) {
    ASSERT_LE(offset + sizeof value, bytes.size());
    std::memcpy(bytes.data() + offset, &value, sizeof value);
}

TEST(Elf, finds_the_manifest) {
    const auto bytes = good_bytes();
    const auto facts = read_elf(bytes);
    ASSERT_TRUE(facts);
    EXPECT_THAT(std::string(facts->manifest), StartsWith("{\"id\":\"org.example.good\""));
    EXPECT_EQ(facts->manifest.back(), '}');
    EXPECT_FALSE(facts->gnu_unique);
}

TEST(Elf, sees_unique_symbols) {
    const auto bytes = test::read_file(test::fixture("unique_symbol.so"));
    const auto facts = read_elf(bytes);
    ASSERT_TRUE(facts);
    EXPECT_TRUE(facts->gnu_unique);
}

TEST(Elf, says_what_is_wrong_with_other_files) {
    EXPECT_EQ(error_of(""), "not an ELF file");
    EXPECT_EQ(error_of("{\"id\":1}"), "not an ELF file");
    EXPECT_THAT(error_of("\x7f"
                         "ELF"),
                HasSubstr("truncated"));
    EXPECT_THAT(error_of(test::read_file(test::fixture("no_manifest.so"))),
                HasSubstr("no section .bay_manifest"));
}

TEST(Elf, says_what_is_wrong_with_the_header) {
    auto bytes = good_bytes();
    put<unsigned char>(bytes, EI_CLASS, ELFCLASS32);
    EXPECT_THAT(error_of(bytes), HasSubstr("32-bit"));
    bytes = good_bytes();
    put<unsigned char>(bytes, EI_DATA, ELFDATA2MSB);
    EXPECT_THAT(error_of(bytes), HasSubstr("big-endian"));
    bytes = good_bytes();
    put<Elf64_Half>(bytes, offsetof(Elf64_Ehdr, e_machine), EM_S390);
    EXPECT_THAT(error_of(bytes), HasSubstr("built for machine 22, this host is "));
    bytes = good_bytes();
    put<Elf64_Half>(bytes, offsetof(Elf64_Ehdr, e_type), ET_EXEC);
    EXPECT_THAT(error_of(bytes), HasSubstr("not a shared object"));
    bytes = good_bytes();
    put<Elf64_Off>(bytes, offsetof(Elf64_Ehdr, e_shoff), 0);
    EXPECT_THAT(error_of(bytes), HasSubstr("without section headers"));
    bytes = good_bytes();
    put<Elf64_Off>(bytes, offsetof(Elf64_Ehdr, e_shoff), ~Elf64_Off{0});
    EXPECT_THAT(error_of(bytes), HasSubstr("no room for the section headers"));
    bytes = good_bytes();
    put<Elf64_Half>(bytes, offsetof(Elf64_Ehdr, e_shstrndx), 0x7000);
    EXPECT_THAT(error_of(bytes), HasSubstr("no section names"));
}

TEST(Elf, refuses_every_truncation) {
    // The section headers stand at the end, so no proper prefix is whole. The copies are exact, so
    // that the address sanitizer sees a read past the end.
    const auto bytes = good_bytes();
    for (std::size_t size = 0; size < bytes.size(); size += size < 256 ? 1 : 97) {
        const std::vector<char> prefix(bytes.begin(),
                                       bytes.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_FALSE(read_elf({prefix.data(), prefix.size()})) << size;
    }
}

TEST(Elf, survives_any_damaged_byte_of_its_tables) {
    const auto bytes = good_bytes();
    Elf64_Ehdr header;
    std::memcpy(&header, bytes.data(), sizeof header);
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < sizeof header; ++i) places.push_back(i);
    for (std::size_t i = header.e_shoff; i < bytes.size(); ++i) places.push_back(i);
    std::vector<char> damaged(bytes.begin(), bytes.end());
    for (const std::size_t place : places) {
        for (const char value : {'\0', '\x7f', '\x80', '\xff'}) {
            damaged[place] = value;
            const auto facts = read_elf({damaged.data(), damaged.size()});
            if (facts && !facts->manifest.empty()) {
                EXPECT_GE(facts->manifest.data(), damaged.data());
                EXPECT_LE(facts->manifest.data() + facts->manifest.size(),
                          damaged.data() + damaged.size());
            }
        }
        damaged[place] = bytes[place];
    }
}

TEST(Elf, names_what_the_linker_will_look_for) {
    const std::string bytes = test::read_file(test::fixture("links_system_library.so"));
    EXPECT_THAT(needed_libraries(bytes), testing::Contains("libresolv.so.2"));
    EXPECT_THAT(needed_libraries("no ELF file"), testing::IsEmpty());
}

TEST(Elf, what_the_linker_will_look_for_is_within_the_file_however_damaged) {
    const auto bytes = good_bytes();
    for (std::size_t place = 0; place < std::min<std::size_t>(bytes.size(), 1u << 14); ++place) {
        for (const char value : {'\0', '\x7f', '\xff'}) {
            std::vector<char> damaged(bytes.begin(), bytes.end());
            damaged[place] = value;
            for (const auto name : needed_libraries({damaged.data(), damaged.size()})) {
                EXPECT_GE(name.data(), damaged.data());
                EXPECT_LE(name.data() + name.size(), damaged.data() + damaged.size());
            }
        }
    }
}

}  // namespace
}  // namespace patchbay
