#include "engine/records/call_record.hpp"

#include <array>
#include <cstring>

#include <boost/json.hpp>

#include "contract/json/utf8_text.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay {

namespace {

using Lengths = std::array<std::uint32_t, 3>;

}  // namespace

std::array<std::string_view, 3> CallRecord::parts(std::string& head) const {
    const std::string_view sent = request.size() <= kMaxText ? request : std::string_view();
    const std::string_view got = answer.size() <= kMaxText ? answer : std::string_view();
    std::string text = json_tree::write(facts);
    // A header or a path may hold any bytes, and one of them would cost the whole record.
    if (!json_tree::is_utf8(text)) text = as_utf8(text, std::string::npos);
    const Lengths lengths{static_cast<std::uint32_t>(text.size()),
                          static_cast<std::uint32_t>(sent.size()),
                          static_cast<std::uint32_t>(got.size())};
    head.assign(reinterpret_cast<const char*>(lengths.data()), sizeof lengths);
    head += text;
    return {head, sent, got};
}

std::optional<CallEntry> read_entry(std::string_view entry) {
    Lengths lengths{};
    if (entry.size() < sizeof lengths) return std::nullopt;
    std::memcpy(lengths.data(), entry.data(), sizeof lengths);
    entry.remove_prefix(sizeof lengths);
    const std::uint64_t sum = std::uint64_t{lengths[0]} + lengths[1] + lengths[2];
    if (sum != entry.size()) return std::nullopt;
    boost::json::value facts = json_tree::read(entry.substr(0, lengths[0])).value;
    if (!facts.is_object()) return std::nullopt;
    return CallEntry{std::move(facts.get_object()), entry.substr(lengths[0], lengths[1]),
                     entry.substr(lengths[0] + lengths[1])};
}

}  // namespace patchbay
