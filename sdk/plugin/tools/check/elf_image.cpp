#include "elf_image.hpp"

#include <cstring>
#include <elf.h>
#include <stdexcept>

namespace patchbay::check {
namespace {

class Reader {
  public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}

    ElfImage read() {
        header_ = at<Elf64_Ehdr>(0);
        if (std::memcmp(header_.e_ident, ELFMAG, SELFMAG) != 0) fail("not an ELF file");
        if (header_.e_ident[EI_CLASS] != ELFCLASS64 || header_.e_ident[EI_DATA] != ELFDATA2LSB) {
            fail("not a 64-bit little-endian ELF file");
        }
        if (header_.e_shentsize != sizeof(Elf64_Shdr) ||
            header_.e_phentsize != sizeof(Elf64_Phdr)) {
            fail("damaged ELF headers");
        }
        read_segments();
        for (std::size_t i = 0; i < header_.e_shnum; ++i) {
            const Elf64_Shdr s = section(i);
            if (s.sh_type == SHT_DYNAMIC) read_dynamic(s);
            if (s.sh_type == SHT_DYNSYM) read_symbols(s);
            if (s.sh_type == SHT_GNU_verneed) read_versions(s);
        }
        return std::move(image_);
    }

  private:
    [[noreturn]] static void fail(const char* what) { throw std::runtime_error(what); }

    template <class T>
    T at(std::uint64_t offset) const {
        if (offset > bytes_.size() || sizeof(T) > bytes_.size() - offset) {
            fail("a truncated ELF file");
        }
        T value;  // a copy, because nothing in a file need be aligned
        std::memcpy(&value, bytes_.data() + offset, sizeof value);
        return value;
    }

    Elf64_Shdr section(std::size_t index) const {
        if (index >= header_.e_shnum) fail("a damaged ELF file: a section that is not there");
        return at<Elf64_Shdr>(header_.e_shoff + index * sizeof(Elf64_Shdr));
    }

    // The NUL-terminated name in the string table that section `s` links to.
    std::string name(const Elf64_Shdr& s, std::uint64_t offset) const {
        const Elf64_Shdr table = section(s.sh_link);
        if (table.sh_offset > bytes_.size() || table.sh_size > bytes_.size() - table.sh_offset ||
            offset >= table.sh_size) {
            fail("a damaged ELF file: a name lies outside of it");
        }
        const std::string_view rest =
            bytes_.substr(table.sh_offset + offset, table.sh_size - offset);
        return std::string(rest.substr(0, rest.find('\0')));
    }

    void read_segments() {
        bool stack_named = false;
        for (std::size_t i = 0; i < header_.e_phnum; ++i) {
            const auto segment = at<Elf64_Phdr>(header_.e_phoff + i * sizeof(Elf64_Phdr));
            if (segment.p_type != PT_GNU_STACK) continue;
            stack_named = true;
            image_.executable_stack = segment.p_flags & PF_X;
        }
        if (!stack_named) image_.executable_stack = true;  // the loader's default
    }

    void read_dynamic(const Elf64_Shdr& s) {
        for (std::uint64_t at_ = 0; at_ + sizeof(Elf64_Dyn) <= s.sh_size;
             at_ += sizeof(Elf64_Dyn)) {
            const auto entry = at<Elf64_Dyn>(s.sh_offset + at_);
            if (entry.d_tag == DT_NULL) return;
            if (entry.d_tag == DT_TEXTREL) image_.text_relocations = true;
            if (entry.d_tag == DT_FLAGS && entry.d_un.d_val & DF_TEXTREL) {
                image_.text_relocations = true;
            }
            if (entry.d_tag == DT_NEEDED) image_.needed.push_back(name(s, entry.d_un.d_val));
        }
    }

    void read_symbols(const Elf64_Shdr& s) {
        for (std::uint64_t at_ = sizeof(Elf64_Sym); at_ + sizeof(Elf64_Sym) <= s.sh_size;
             at_ += sizeof(Elf64_Sym)) {
            const auto symbol = at<Elf64_Sym>(s.sh_offset + at_);
            const unsigned bind = ELF64_ST_BIND(symbol.st_info);
            const unsigned visibility = ELF64_ST_VISIBILITY(symbol.st_other);
            if (bind == STB_LOCAL) continue;
            std::string text = name(s, symbol.st_name);
            if (symbol.st_shndx == SHN_UNDEF) {
                image_.imported.push_back(std::move(text));
            } else if (symbol.st_shndx != SHN_ABS && visibility != STV_HIDDEN &&
                       visibility != STV_INTERNAL) {
                if (bind == STB_GNU_UNIQUE) image_.unique.push_back(text);
                image_.exported.push_back(std::move(text));
            }
        }
    }

    void read_versions(const Elf64_Shdr& s) {
        std::uint64_t file = s.sh_offset;
        for (std::uint32_t i = 0; i < s.sh_info; ++i) {
            const auto need = at<Elf64_Verneed>(file);
            std::uint64_t version = file + need.vn_aux;
            for (std::uint32_t k = 0; k < need.vn_cnt; ++k) {
                const auto one = at<Elf64_Vernaux>(version);
                image_.versions.push_back(name(s, one.vna_name));
                version += one.vna_next;
            }
            file += need.vn_next;
        }
    }

    std::string_view bytes_;
    Elf64_Ehdr header_{};
    ElfImage image_;
};

}  // namespace

ElfImage read_elf_image(std::string_view bytes) {
    return Reader(bytes).read();
}

}  // namespace patchbay::check
