#include "engine/records/call_record.hpp"

#include <array>
#include <cstring>

#include <boost/json.hpp>

#include "contract/json/utf8_text.hpp"
#include "engine/records/usage_facts.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay {

namespace {

/// In bytes: of the attempts, the facts, the request and the answer.
using Lengths = std::array<std::uint32_t, 4>;

}  // namespace

std::array<std::string_view, 3> CallRecord::parts(std::string& head) const {
    const std::string_view sent = request.size() <= kMaxText ? request : std::string_view();
    const std::string_view got = answer.size() <= kMaxText ? answer : std::string_view();
    std::string text = json_tree::write(facts);
    // A header or a path may hold any bytes, and one of them would cost the whole record.
    if (!json_tree::is_utf8(text)) text = as_utf8(text, std::string::npos);
    const std::string_view used(reinterpret_cast<const char*>(attempts.data()),
                                attempts.size() * sizeof(LedgerEntry));
    const Lengths lengths{
        static_cast<std::uint32_t>(used.size()), static_cast<std::uint32_t>(text.size()),
        static_cast<std::uint32_t>(sent.size()), static_cast<std::uint32_t>(got.size())};
    head.assign(reinterpret_cast<const char*>(lengths.data()), sizeof lengths);
    (head += used) += text;
    return {head, sent, got};
}

std::optional<CallEntry> read_entry(std::string_view entry) {
    Lengths lengths{};
    if (entry.size() < sizeof lengths) return std::nullopt;
    std::memcpy(lengths.data(), entry.data(), sizeof lengths);
    entry.remove_prefix(sizeof lengths);
    const std::uint64_t sum = std::uint64_t{lengths[0]} + lengths[1] + lengths[2] + lengths[3];
    if (sum != entry.size() || lengths[0] % sizeof(LedgerEntry) != 0) return std::nullopt;
    const auto take = [&](std::size_t size) {
        const std::string_view part = entry.substr(0, size);
        entry.remove_prefix(size);
        return part;
    };
    const std::string_view used = take(lengths[0]);
    std::vector<LedgerEntry> attempts(used.size() / sizeof(LedgerEntry));
    if (!used.empty()) std::memcpy(attempts.data(), used.data(), used.size());
    boost::json::value facts = json_tree::read(take(lengths[1])).value;
    if (!facts.is_object()) return std::nullopt;
    add_usage(facts.get_object(), attempts);
    const std::string_view request = take(lengths[2]);
    return CallEntry{std::move(facts.get_object()), request, entry};
}

}  // namespace patchbay
