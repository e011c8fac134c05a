#include "subject.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "contract/manifest/elf.hpp"

namespace patchbay::check {

Subject read_subject(const std::string& path, const std::vector<std::string>& transcripts,
                     std::uint64_t seed) {
    Subject subject;
    subject.path = path;
    subject.seed = seed;
    std::ifstream stream(path, std::ios::binary);
    subject.bytes.assign(std::istreambuf_iterator<char>(stream), {});
    if (!stream) throw std::runtime_error(path + ": cannot be read");
    if (const auto elf = read_elf(subject.bytes)) {
        subject.manifest_text = elf->manifest;
        auto manifest = parse_manifest(subject.manifest_text);
        if (manifest) {
            subject.manifest = std::move(*manifest);
        } else {
            subject.manifest_problem = manifest.error();
        }
    } else {
        subject.manifest_problem = elf.error();
    }
    for (const std::string& file : transcripts) {
        subject.transcripts.push_back(transcript::read_transcript(file));
    }
    return subject;
}

}  // namespace patchbay::check
