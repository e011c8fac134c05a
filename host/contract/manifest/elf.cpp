#include "contract/manifest/elf.hpp"

#include <algorithm>
#include <cstring>
#include <elf.h>
#include <optional>

namespace patchbay {

namespace {

using boost::system::in_place_error;

#if defined(__x86_64__)
constexpr Elf64_Half kHostMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half kHostMachine = EM_AARCH64;
#elif defined(__riscv)
constexpr Elf64_Half kHostMachine = EM_RISCV;
#else
#error "name the ELF machine of this architecture here"
#endif

constexpr std::string_view kManifestSection = ".bay_manifest";
constexpr std::size_t kMaxManifest = 1u << 20;

std::string machine_name(Elf64_Half machine) {
    switch (machine) {
        case EM_X86_64:
            return "x86-64";
        case EM_386:
            return "x86 (32 bit)";
        case EM_AARCH64:
            return "AArch64";
        case EM_ARM:
            return "ARM (32 bit)";
        case EM_RISCV:
            return "RISC-V";
        default:
            return "machine " + std::to_string(machine);
    }
}

std::optional<std::string_view> slice(std::string_view bytes, std::uint64_t offset,
                                      std::uint64_t size) {
    if (offset > bytes.size() || size > bytes.size() - offset) return std::nullopt;
    return bytes.substr(offset, size);
}

// Copies, because nothing in a file need be aligned.
template <class T>
std::optional<T> read_at(std::string_view bytes, std::uint64_t offset) {
    const auto part = slice(bytes, offset, sizeof(T));
    if (!part) return std::nullopt;
    T value;
    std::memcpy(&value, part->data(), sizeof value);
    return value;
}

/// The NUL-terminated name at `offset`; empty if it does not end within the table.
std::string_view name_at(std::string_view table, std::uint64_t offset) {
    if (offset >= table.size()) return {};
    const auto rest = table.substr(offset);
    const auto end = rest.find('\0');
    return end == std::string_view::npos ? std::string_view() : rest.substr(0, end);
}

bool defines_unique_symbols(std::string_view symbols) {
    for (std::size_t at = 0; at + sizeof(Elf64_Sym) <= symbols.size(); at += sizeof(Elf64_Sym)) {
        const auto symbol = *read_at<Elf64_Sym>(symbols, at);
        if (ELF64_ST_BIND(symbol.st_info) == STB_GNU_UNIQUE && symbol.st_shndx != SHN_UNDEF)
            return true;
    }
    return false;
}

/// What keeps the file header from being one of a shared object for this host; empty = nothing.
std::string check_header(std::string_view bytes, const Elf64_Ehdr& header) {
    const unsigned char cls = header.e_ident[EI_CLASS];
    if (cls == ELFCLASS32) return "a 32-bit ELF file, this host needs 64-bit ones";
    if (cls != ELFCLASS64) return "a damaged ELF file: unknown class";
    if (header.e_ident[EI_DATA] != ELFDATA2LSB)
        return "a big-endian ELF file, this host is little-endian";
    if (header.e_machine != kHostMachine) {
        return "built for " + machine_name(header.e_machine) + ", this host is " +
               machine_name(kHostMachine);
    }
    if (header.e_type != ET_DYN) return "an ELF file, but not a shared object";
    if (header.e_shoff == 0)
        return "an ELF file without section headers, so its manifest cannot be found";
    if (header.e_shentsize != sizeof(Elf64_Shdr) || header.e_shoff >= bytes.size()) {
        return "a damaged or truncated ELF file: no room for the section headers";
    }
    return {};
}

/// Where the bytes of an address stand in the file: the part from there to the end of its segment.
std::string_view at_address(std::string_view bytes, std::uint64_t address) {
    const auto header = read_at<Elf64_Ehdr>(bytes, 0);
    for (unsigned i = 0; header && i < header->e_phnum; ++i) {
        const auto segment = read_at<Elf64_Phdr>(bytes, header->e_phoff + i * sizeof(Elf64_Phdr));
        if (!segment) break;
        if (segment->p_type != PT_LOAD || address < segment->p_vaddr) continue;
        const auto content = slice(bytes, segment->p_offset, segment->p_filesz);
        const std::uint64_t skip = address - segment->p_vaddr;
        if (content && skip < content->size()) return content->substr(skip);
    }
    return {};
}

}  // namespace

std::vector<std::string_view> needed_libraries(std::string_view bytes) {
    constexpr std::size_t kMaxNeeded = 64;
    std::vector<std::string_view> needed;
    const auto header = read_at<Elf64_Ehdr>(bytes, 0);
    for (unsigned i = 0; header && i < header->e_phnum; ++i) {
        const auto segment = read_at<Elf64_Phdr>(bytes, header->e_phoff + i * sizeof(Elf64_Phdr));
        if (!segment) break;
        if (segment->p_type != PT_DYNAMIC) continue;
        const auto table = slice(bytes, segment->p_offset, segment->p_filesz);
        if (!table) continue;
        std::vector<std::uint64_t> offsets;
        std::string_view names;
        for (std::size_t at = 0; at + sizeof(Elf64_Dyn) <= table->size(); at += sizeof(Elf64_Dyn)) {
            const auto entry = *read_at<Elf64_Dyn>(*table, at);
            if (entry.d_tag == DT_NULL) break;
            if (entry.d_tag == DT_STRTAB) names = at_address(bytes, entry.d_un.d_ptr);
            if (entry.d_tag == DT_NEEDED && offsets.size() < kMaxNeeded)
                offsets.push_back(entry.d_un.d_val);
        }
        for (const std::uint64_t offset : offsets) {
            if (const auto name = name_at(names, offset); !name.empty()) needed.push_back(name);
        }
    }
    return needed;
}

boost::system::result<ElfFacts, std::string> read_elf(std::string_view bytes) {
    if (bytes.size() < SELFMAG || std::memcmp(bytes.data(), ELFMAG, SELFMAG) != 0) {
        return {in_place_error, "not an ELF file"};
    }
    const auto header = read_at<Elf64_Ehdr>(bytes, 0);
    if (!header) return {in_place_error, "a truncated ELF file: it ends within the file header"};
    if (auto wrong = check_header(bytes, *header); !wrong.empty()) return {in_place_error, wrong};

    // A count or an index that does not fit its field stands in section 0 (gABI, "ELF Header").
    const auto first = read_at<Elf64_Shdr>(bytes, header->e_shoff);
    if (!first) return {in_place_error, "a truncated ELF file: it ends within the section headers"};
    const std::uint64_t count = header->e_shnum != 0 ? header->e_shnum : first->sh_size;
    const std::uint64_t names_index =
        header->e_shstrndx != SHN_XINDEX ? header->e_shstrndx : first->sh_link;
    if (count > (bytes.size() - header->e_shoff) / sizeof(Elf64_Shdr)) {
        return {in_place_error, "a truncated ELF file: it ends within the section headers"};
    }
    if (names_index >= count) return {in_place_error, "a damaged ELF file: no section names"};
    const auto section = [&](std::uint64_t index) {
        return *read_at<Elf64_Shdr>(bytes, header->e_shoff + index * sizeof(Elf64_Shdr));
    };
    const auto names_section = section(names_index);
    const auto names = slice(bytes, names_section.sh_offset, names_section.sh_size);
    if (!names) return {in_place_error, "a damaged ELF file: its section names lie outside of it"};

    ElfFacts facts;
    bool found = false;
    for (std::uint64_t i = 1; i < count; ++i) {
        const auto header_i = section(i);
        const bool manifest = name_at(*names, header_i.sh_name) == kManifestSection;
        if (!manifest && header_i.sh_type != SHT_DYNSYM) continue;
        const auto content = header_i.sh_type == SHT_NOBITS
                                 ? std::nullopt
                                 : slice(bytes, header_i.sh_offset, header_i.sh_size);
        if (!content)
            return {in_place_error,
                    "a damaged or truncated ELF file: a section lies outside of it"};
        if (!manifest) {
            facts.gnu_unique = facts.gnu_unique || defines_unique_symbols(*content);
            continue;
        }
        if (found) return {in_place_error, "more than one section .bay_manifest"};
        if (content->size() > kMaxManifest)
            return {in_place_error, "the manifest is larger than 1 MiB"};
        found = true;
        facts.manifest = content->substr(0, content->find_last_not_of('\0') + 1);
    }
    if (!found) return {in_place_error, "not a Patchbay plugin: no section .bay_manifest"};
    return facts;
}

}  // namespace patchbay
