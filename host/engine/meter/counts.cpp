#include "engine/meter/counts.hpp"

#include <algorithm>

namespace patchbay::meter {

namespace {

// Takes up to `told` out of what is left of a whole.
std::uint64_t take(std::uint64_t& left, std::uint64_t told) {
    const std::uint64_t taken = std::min(left, told);
    left -= taken;
    return taken;
}

}  // namespace

Counts counts_of(const Usage& usage, bool answered) {
    Counts counts;
    std::uint64_t prompt = usage.prompt;
    counts.add(Dimension::cached_in, take(prompt, usage.cached));
    std::uint64_t written = take(prompt, usage.cache_creation);
    counts.add(Dimension::write_1h, take(written, usage.cache_creation_1h));
    counts.add(Dimension::write_5m, written);
    counts.add(Dimension::audio_in, take(prompt, usage.audio_prompt));
    counts.add(Dimension::image_in, take(prompt, usage.image_prompt));
    counts.add(Dimension::text_in, prompt);

    std::uint64_t completion = usage.completion;
    counts.add(Dimension::audio_out, take(completion, usage.audio_completion));
    counts.add(Dimension::image_out, take(completion, usage.image_completion));
    counts.add(Dimension::reasoning_out, take(completion, usage.reasoning));
    counts.add(Dimension::text_out, completion);

    counts.add(Dimension::images_out, usage.images);
    counts.add(Dimension::ms_out, usage.milliseconds);
    counts.add(Dimension::chars_in, usage.characters);
    counts.add(Dimension::search_medium, usage.searches);
    if (answered) counts.add(Dimension::requests, 1);
    return counts;
}

}  // namespace patchbay::meter
