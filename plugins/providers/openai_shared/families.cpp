#include "families.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace patchbay::openai {

namespace {

// In lower case.
constexpr std::string_view kThinkInTags[] = {
    "deepseek-r1",     "exaone-deep",    "glm-z1", "magistral", "minimax-m1", "minimax-m2",
    "phi-4-reasoning", "phi4-reasoning", "qwen3",  "qwq",       "smollm3",
};

char lower_case(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool begins(std::string_view model, std::string_view part) {
    return model.size() >= part.size() &&
           std::equal(part.begin(), part.end(), model.begin(),
                      [](char wanted, char c) { return wanted == lower_case(c); });
}

// The letters that the names have at one place, a bit each.
constexpr std::uint32_t letters_at(std::size_t place) {
    std::uint32_t letters = 0;
    for (const std::string_view part : kThinkInTags) letters |= 1U << (part[place] - 'a');
    return letters;
}

bool is_one(std::uint32_t letters, char c) {
    const char letter = lower_case(c);
    return letter >= 'a' && letter <= 'z' && (letters >> (letter - 'a') & 1) != 0;
}

// Cheaper than to compare with all of them.
bool may_begin(std::string_view model) {
    constexpr std::uint32_t kFirst = letters_at(0), kSecond = letters_at(1);
    return model.size() > 1 && is_one(kFirst, model[0]) && is_one(kSecond, model[1]);
}

std::string_view without_marks(std::string_view model) {
    if (const auto slash = model.rfind('/'); slash != std::string_view::npos) {
        model.remove_prefix(slash + 1);
    }
    if (model.starts_with("ft:")) model.remove_prefix(3);
    return model;
}

}  // namespace

bool thinks_in_tags(std::string_view model) {
    for (; !model.empty(); model.remove_prefix(1)) {
        if (!may_begin(model)) continue;
        for (const std::string_view part : kThinkInTags) {
            if (begins(model, part)) return true;
        }
    }
    return false;
}

Family family_of(std::string_view model) {
    // LiteLLM's marks for deployments whose names say nothing.
    if (model.starts_with("o_series/")) return Family::o_series;
    if (model.starts_with("gpt5_series/")) return Family::gpt5;
    model = without_marks(model);
    if (model.size() >= 2 && model[0] == 'o' && is_digit(model[1])) {
        const auto rest = model.find_first_not_of("0123456789", 1);
        if (rest == std::string_view::npos || model[rest] == '-' || model[rest] == ':') {
            return Family::o_series;
        }
    }
    constexpr std::string_view kName = "gpt-";
    if (model.starts_with(kName) && model.size() > kName.size()) {
        const char generation = model[kName.size()];
        const bool other = model.find("-chat") != std::string_view::npos ||
                           model.find("-search") != std::string_view::npos;
        if (generation >= '6' && generation <= '9' && !other) return Family::gpt5_1;
    }
    if (!model.starts_with("gpt-5")) return Family::chat;
    model.remove_prefix(5);
    if (model.starts_with("-chat") || model.find("-search") != std::string_view::npos) {
        return Family::chat;
    }
    if (model.empty() || model[0] == '-' || model[0] == ':') return Family::gpt5;
    if (model.size() >= 2 && model[0] == '.' && is_digit(model[1])) {
        return model.find("-chat") != std::string_view::npos ? Family::chat : Family::gpt5_1;
    }
    return Family::chat;
}

bool lacks_effort(std::string_view model, std::string_view effort) {
    const Family family = family_of(model);
    model = without_marks(model);
    constexpr std::string_view kName = "gpt-5";
    if (!model.starts_with(kName) || model.find("-codex") != std::string_view::npos) return false;
    model.remove_prefix(kName.size());
    const bool xhigh = effort == "\"xhigh\"", minimal = effort == "\"minimal\"";
    if (family == Family::gpt5) return xhigh || effort == "\"none\"";
    if (family != Family::gpt5_1 || model.find("-pro") != std::string_view::npos) return false;
    const bool first = model.starts_with(".1") && (model.size() == 2 || !is_digit(model[2]));
    return minimal || (xhigh && first);
}

bool lacks_in_responses(Family family, std::string_view member, bool reasons) {
    constexpr std::string_view kSampling[] = {"temperature", "top_p", "top_logprobs"};
    if (family == Family::chat || (family == Family::gpt5_1 && !reasons)) return false;
    return std::find(std::begin(kSampling), std::end(kSampling), member) != std::end(kSampling);
}

ParamSet family_params(ParamSet base, Family family, std::string_view model) {
    base.add(Param::user);
    base.remove({Param::top_k});
    switch (family) {
        case Family::chat:
            if (model == "gpt-4" || model == "gpt-3.5-turbo-16k") {
                base.remove({Param::response_format});
            }
            return base;
        case Family::o_series:
            base.add(Param::reasoning_effort);
            base.remove({Param::logprobs, Param::top_logprobs, Param::top_p,
                         Param::presence_penalty, Param::frequency_penalty,
                         Param::parallel_tool_calls});
            return base;
        case Family::gpt5:
        case Family::gpt5_1:
            base.add({Param::reasoning_effort, Param::verbosity});
            base.remove({Param::presence_penalty, Param::frequency_penalty, Param::stop,
                         Param::logit_bias});
            if (family == Family::gpt5) {
                base.remove({Param::logprobs, Param::top_logprobs, Param::top_p});
            }
            return base;
    }
    return base;
}

}  // namespace patchbay::openai
