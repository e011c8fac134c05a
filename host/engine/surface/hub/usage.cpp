#include "engine/surface/hub/usage.hpp"

#include <boost/json/value.hpp>

#include "contract/shape/token_count.hpp"

namespace patchbay::surface {

namespace json = boost::json;

namespace {

// As token_count() reads it. Nothing if the value is no count.
std::optional<std::uint64_t> count_of(const json::value& value) {
    constexpr double kBeyond = 18446744073709551616.0;  // 2^64
    if (const auto* count = value.if_uint64()) return *count;
    if (const auto* count = value.if_int64(); count && *count >= 0) {
        return static_cast<std::uint64_t>(*count);
    }
    if (const auto* count = value.if_double(); count && *count >= 0 && *count < kBeyond) {
        return static_cast<std::uint64_t>(*count);
    }
    if (const auto* text = value.if_string()) return token_count(*text);
    return std::nullopt;
}

}  // namespace

std::optional<Usage> usage_of(const json::object* usage) {
    if (!usage) return std::nullopt;
    UsageReader reader;
    for (const auto& member : *usage) {
        const auto kind = usage_member(member.key());
        if (kind == UsageMember::count) {
            if (const auto count = count_of(member.value())) reader.count(member.key(), *count);
            continue;
        }
        const auto* details = member.value().if_object();
        if (!details) continue;
        for (const auto& detail : *details) {
            if (const auto count = count_of(detail.value())) {
                reader.detail(kind, detail.key(), *count);
            }
        }
    }
    return reader.finish();
}

bool counts_tokens(const json::object& usage) {
    const auto counts = usage_of(&usage);
    return counts && counts->prompt + counts->completion + counts->total > 0;
}

}  // namespace patchbay::surface
