#include <algorithm>
#include <charconv>
#include <cstdint>

#include "contract/json/json_walk.hpp"
#include "contract/json/member_walker.hpp"
#include "contract/shape/count_table.hpp"
#include "contract/shape/generate_facts.hpp"
#include "contract/shape/token_count.hpp"

namespace patchbay {

namespace {

constexpr CountRow kCounts[] = {
    {"promptTokenCount", &Usage::prompt},         {"toolUsePromptTokenCount", &Usage::prompt},
    {"candidatesTokenCount", &Usage::completion}, {"thoughtsTokenCount", &Usage::reasoning},
    {"cachedContentTokenCount", &Usage::cached},  {"totalTokenCount", &Usage::total},
};

// Kinds of tokens that have prices of their own; documents count as pictures.
struct Kinds {
    std::uint64_t Usage::*image;
    std::uint64_t Usage::*audio;
};
constexpr Kinds kPrompt{&Usage::image_prompt, &Usage::audio_prompt};
constexpr Kinds kCompletion{&Usage::image_completion, &Usage::audio_completion};

std::string_view unquoted(std::string_view value) {
    return value.size() > 2 && value[0] == '"' ? value.substr(1, value.size() - 2)
                                               : std::string_view();
}

// A list of {"modality", "tokenCount"}.
void read_kinds(std::string_view list, const Kinds& kinds, Usage& usage) {
    JsonReader reader(list);
    if (reader.peek() != '[') return;
    walk_array(reader, [&] {
        std::string_view entry;
        if (!take_text(reader, list, entry)) return false;
        std::string_view kind;
        std::uint64_t tokens = 0;
        MemberWalker walker(entry);
        for (JsonMember m; walker.next(m);) {
            if (m.name == "modality") kind = unquoted(m.value);
            if (m.name == "tokenCount") tokens = token_count(m.value).value_or(0);
        }
        if (kind == "IMAGE" || kind == "DOCUMENT") usage.*kinds.image += tokens;
        if (kind == "AUDIO") usage.*kinds.audio += tokens;
        return true;
    });
}

bool read_metadata(std::string_view json, Usage& usage) {
    Usage told;
    if (!read_counts(json, kCounts, told)) return false;
    // Some models count thoughts among the candidates: the total tells.
    const bool inside = told.reasoning > 0 && told.reasoning <= told.completion &&
                        told.total == told.prompt + told.completion;
    if (!inside) told.completion += told.reasoning;
    told.total = std::max(told.total, told.prompt + told.completion);
    told.searches = usage.searches;
    MemberWalker walker(json);
    for (JsonMember m; walker.next(m);) {
        if (m.name == "trafficType") told.tier = service_tier(unquoted(m.value));
        if (m.name == "promptTokensDetails") read_kinds(m.value, kPrompt, told);
        if (m.name == "candidatesTokensDetails") read_kinds(m.value, kCompletion, told);
    }
    usage = told;
    return true;
}

std::uint64_t elements_of(std::string_view list) {
    std::uint64_t count = 0;
    JsonReader reader(list);
    if (reader.peek() != '[') return 0;
    walk_array(reader, [&] {
        ++count;
        return reader.take_value();
    });
    return count;
}

std::uint64_t searches_of(std::string_view candidates) {
    std::uint64_t searches = 0;
    JsonReader reader(candidates);
    if (reader.peek() != '[') return 0;
    walk_array(reader, [&] {
        std::string_view candidate;
        if (!take_text(reader, candidates, candidate)) return false;
        MemberWalker walker(candidate);
        for (JsonMember m; walker.next(m);) {
            if (m.name != "groundingMetadata") continue;
            MemberWalker grounding(m.value);
            for (JsonMember inner; grounding.next(inner);) {
                if (inner.name == "webSearchQueries") searches += elements_of(inner.value);
            }
        }
        return true;
    });
    return searches;
}

bool bills_each_search(std::string_view model) {
    constexpr std::string_view kGemini = "gemini-";
    constexpr int kFirst = 3;
    if (!model.starts_with(kGemini)) return false;
    model.remove_prefix(kGemini.size());
    int major = kFirst;  // a name without a version is the newest
    std::from_chars(model.data(), model.data() + model.size(), major);
    return major >= kFirst;
}

}  // namespace

bool read_generate_usage(std::string_view json, Usage& usage) {
    std::string_view metadata = json;
    std::string_view candidates;
    std::string_view model;
    MemberWalker walker(json);
    for (JsonMember m; walker.next(m);) {
        if (m.name == "usageMetadata") metadata = m.value;
        if (m.name == "candidates") candidates = m.value;
        if (m.name == "modelVersion") model = unquoted(m.value);
    }
    const bool told = read_metadata(metadata, usage);
    auto searches = candidates.empty() ? 0 : searches_of(candidates);
    if (!bills_each_search(model)) searches = std::min<std::uint64_t>(searches, 1);
    usage.searches = std::max(usage.searches, searches);
    return told || searches > 0;
}

}  // namespace patchbay
