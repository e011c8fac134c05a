#include "cuts.hpp"

#include <algorithm>
#include <random>

namespace patchbay::transcript {

std::string describe(Cuts cuts) {
    switch (cuts.kind) {
        case Cuts::every_byte:
            return "cut after every byte";
        case Cuts::random:
            return "cut at random, seed " + std::to_string(cuts.seed);
        case Cuts::once:
            return "cut after " + std::to_string(cuts.seed) + " bytes";
        default:
            return "whole";
    }
}

std::vector<std::size_t> piece_sizes(std::size_t total, Cuts cuts) {
    if (cuts.kind == Cuts::whole || total == 0) return {total};
    if (cuts.kind == Cuts::every_byte) return std::vector<std::size_t>(total, 1);
    if (cuts.kind == Cuts::once) {
        if (cuts.seed == 0 || cuts.seed >= total) return {total};
        return {cuts.seed, total - cuts.seed};
    }
    std::mt19937 random(cuts.seed);
    std::vector<std::size_t> sizes;
    while (total > 0) {
        // Mostly small pieces, some large: cuts fall inside lines as well as between events.
        const std::size_t most = random() % 4 == 0 ? 400 : 12;
        sizes.push_back(std::min<std::size_t>(1 + random() % most, total));
        total -= sizes.back();
    }
    return sizes;
}

std::vector<std::string_view> text_pieces(std::string_view text, Cuts cuts) {
    std::vector<std::string_view> pieces;
    std::size_t begin = 0, end = 0;
    for (const std::size_t size : piece_sizes(text.size(), cuts)) {
        end += size;
        const bool inside =
            end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80;
        if (inside || end == begin) continue;
        pieces.push_back(text.substr(begin, end - begin));
        begin = end;
    }
    return pieces;
}

std::vector<Cuts> all_cuts(const Transcript& transcript, std::uint32_t random) {
    std::vector<Cuts> all{{Cuts::every_byte, 0}};
    for (std::uint32_t seed = 1; seed <= random; ++seed) all.push_back({Cuts::random, seed});
    std::size_t longest = 0;
    for (const Step& step : transcript.steps) {
        const auto* stream = std::get_if<StreamText>(&step);
        for (std::size_t i = 0; stream && i < stream->channels.size(); ++i) {
            longest = std::max(longest, stream->channels[i].text.size());
        }
    }
    const std::size_t step = 1 + longest / kMostPlaces;
    for (std::size_t at = 1; at < longest; at += step) {
        all.push_back({Cuts::once, static_cast<std::uint32_t>(at)});
    }
    return all;
}

}  // namespace patchbay::transcript
