#include "contract/shape/usage.hpp"

#include <algorithm>
#include <array>

#include "contract/json/json_reader.hpp"
#include "contract/shape/token_count.hpp"

namespace patchbay {

namespace {

// The counts that stand in details, and where they go.
struct Detail {
    std::string_view name;
    std::uint64_t Usage::*count;
};

constexpr std::array kPromptDetails{Detail{"cached_tokens", &Usage::cached},
                                    Detail{"cache_creation_tokens", &Usage::cache_creation},
                                    Detail{"cache_write_tokens", &Usage::cache_creation},
                                    Detail{"audio_tokens", &Usage::audio_prompt},
                                    Detail{"image_tokens", &Usage::image_prompt}};
constexpr std::array kCompletionDetails{Detail{"reasoning_tokens", &Usage::reasoning},
                                        Detail{"audio_tokens", &Usage::audio_completion},
                                        Detail{"image_tokens", &Usage::image_completion}};

}  // namespace

UsageMember usage_member(std::string_view name) {
    if (name == "prompt_tokens_details" || name == "input_tokens_details") {
        return UsageMember::prompt_details;
    }
    if (name == "completion_tokens_details" || name == "output_tokens_details") {
        return UsageMember::completion_details;
    }
    return UsageMember::count;
}

void UsageReader::count(std::string_view name, std::uint64_t value) {
    const auto told = [&](std::optional<std::uint64_t>& one) { one = value; };
    if (name == "prompt_tokens") {
        told(prompt_);
    } else if (name == "completion_tokens") {
        told(completion_);
    } else if (name == "input_tokens") {
        told(input_);
    } else if (name == "output_tokens") {
        told(output_);
    } else if (name == "total_tokens") {
        told(total_);
    } else if (name == "cache_read_input_tokens" || name == "prompt_cache_hit_tokens") {
        cache_read_ = value;
    } else if (name == "cache_creation_input_tokens") {
        cache_creation_ = value;
    }
}

void UsageReader::detail(UsageMember of, std::string_view name, std::uint64_t value) {
    const auto read = [&](const auto& details) {
        for (const Detail& detail : details) {
            if (detail.name == name) usage_.*detail.count = value;
        }
    };
    if (of == UsageMember::prompt_details) read(kPromptDetails);
    if (of == UsageMember::completion_details) read(kCompletionDetails);
}

std::optional<Usage> UsageReader::finish() const {
    if (!prompt_ && !completion_ && !input_ && !output_ && !total_) return std::nullopt;
    Usage usage = usage_;
    usage.prompt = prompt_ ? *prompt_ : input_.value_or(0);
    usage.completion = completion_ ? *completion_ : output_.value_or(0);
    usage.total = total_ ? *total_ : usage.prompt + usage.completion;
    if (usage.cached == 0) usage.cached = cache_read_;
    if (usage.cache_creation == 0) usage.cache_creation = cache_creation_;
    return usage;
}

namespace {

// Hands one object's counts to a reader, those of details from where they stand: a usage is read with each answer.
class UsageText {
  public:
    explicit UsageText(std::string_view text) : text_(text), json_(text) {}

    std::optional<Usage> read() {
        json_.skip_space();
        if (!members(UsageMember::count)) return std::nullopt;
        json_.skip_space();
        return json_.at_end() ? reader_.finish() : std::nullopt;
    }

  private:
    // Those of an object, which begins here. False if it is none.
    bool members(UsageMember of) {
        if (!json_.take('{', "")) return false;
        json_.skip_space();
        if (json_.peek() == '}') return json_.take('}', "");
        do {
            json_.skip_space();
            if (!member(of)) return false;
            json_.skip_space();
        } while (json_.peek() == ',' && json_.take(',', ""));
        return json_.take('}', "");
    }

    bool member(UsageMember of) {
        const std::size_t begin = json_.at();
        if (json_.peek() != '"' || !json_.take_string()) return false;
        const std::string_view name = text_.substr(begin + 1, json_.at() - begin - 2);
        json_.skip_space();
        if (!json_.take(':', "")) return false;
        json_.skip_space();
        const bool inside = of != UsageMember::count;
        const UsageMember kind = inside ? of : usage_member(name);
        if (!inside && kind != UsageMember::count && json_.peek() == '{') return members(kind);
        const std::size_t value = json_.at();
        if (!json_.take_value()) return false;
        if (!inside && kind != UsageMember::count) return true;
        const auto count = token_count(text_.substr(value, json_.at() - value));
        if (count && inside) reader_.detail(of, name, *count);
        if (count && !inside) reader_.count(name, *count);
        return true;
    }

    std::string_view text_;
    JsonReader json_;
    UsageReader reader_;
};

}  // namespace

std::optional<Usage> parse_usage(std::string_view usage_json) {
    return UsageText(usage_json).read();
}

bool has_counts(const Usage& usage) {
    return std::any_of(kUsageCounts.begin(), kUsageCounts.end(),
                       [&](auto count) { return usage.*count > 0; });
}

void merge_usage(Usage& known, const Usage& told) {
    if (told.tier != ServiceTier::untold) known.tier = told.tier;
    known.fast = known.fast || told.fast;
    known.in_us = known.in_us || told.in_us;
    if (!has_counts(told)) return;
    const bool whole = told.prompt > 0 && told.completion > 0;
    for (const auto count : kUsageCounts) {
        if (told.*count > 0) known.*count = told.*count;
    }
    if (!whole) known.total = std::max(told.total, known.prompt + known.completion);
}

bool read_usage(std::string_view usage_json, Usage& known) {
    const auto told = parse_usage(usage_json);
    if (!told) return false;
    merge_usage(known, *told);
    return true;
}

}  // namespace patchbay
