#include "access.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <utility>

#include "patchbay/json_tree.hpp"

namespace patchbay::shared {

namespace {

std::uint64_t count_of(std::string_view digits) {
    std::uint64_t count = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, count);
    return error == std::errc() && stop == end ? count : 0;
}

}  // namespace

const json::value* find(const json::object* object, std::string_view name) {
    const auto* value = object != nullptr ? object->if_contains(name) : nullptr;
    return value != nullptr && !value->is_null() ? value : nullptr;
}

json::value* find(json::object& object, std::string_view name) {
    return const_cast<json::value*>(find(&std::as_const(object), name));
}

const json::object* find_object(const json::object* object, std::string_view name) {
    const auto* value = find(object, name);
    return value != nullptr && !json_tree::is_number_text(*value) ? value->if_object() : nullptr;
}

json::object* find_object(json::object& object, std::string_view name) {
    return const_cast<json::object*>(find_object(&std::as_const(object), name));
}

const json::array* find_array(const json::object* object, std::string_view name) {
    const auto* value = find(object, name);
    return value != nullptr ? value->if_array() : nullptr;
}

std::string_view text(const json::object* object, std::string_view name,
                      std::string_view fallback) {
    const auto* value = find(object, name);
    const auto* string = value != nullptr ? value->if_string() : nullptr;
    return string != nullptr ? std::string_view(string->data(), string->size()) : fallback;
}

std::uint64_t count(const json::object* object, std::string_view name) {
    const auto* value = find(object, name);
    if (value == nullptr) return 0;
    if (value->is_string()) return count_of(value->get_string());
    if (!value->is_number()) return 0;
    boost::system::error_code error;
    const auto number = value->to_number<std::uint64_t>(error);
    return error ? 0 : number;
}

bool is_true(const json::object* object, std::string_view name) {
    const auto* value = find(object, name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

std::optional<json::value> parse_json(std::string_view text, json::storage_ptr storage) {
    auto tree = json_tree::read(text, std::move(storage));
    if (!tree) return std::nullopt;
    return std::move(tree.value);
}

std::string to_text(const json::value& value) {
    return json_tree::write(value);
}

namespace {

/// How rare a byte is in what people write and in JSON: the place of a letter in the order of their use; an
/// underscore is rarest.
constexpr auto kRarity = [] {
    std::array<std::uint8_t, 256> rarity{};
    std::uint8_t place = 0;
    for (const char c : std::string_view("etaoinsrhldcumfpgwybvkxjqz_")) {
        rarity[static_cast<unsigned char>(c)] = ++place;
    }
    return rarity;
}();

std::size_t rarest(std::string_view needle) {
    std::size_t found = 0;
    std::uint8_t most = 0;
    for (std::size_t i = 0; i < needle.size(); ++i) {
        const std::uint8_t rarity = kRarity[static_cast<unsigned char>(needle[i])];
        if (rarity > most) {
            most = rarity;
            found = i;
        }
    }
    return found;
}

}  // namespace

bool mentions(std::string_view text, std::string_view needle) {
    if (needle.size() > text.size() || needle.empty()) return needle.empty();
    // To look for one byte is many times faster than to look for a word; where the byte is common, as
    // an underscore in programs, the word is looked for.
    constexpr std::size_t kRare = 32;  // one in so many bytes
    const std::size_t before = rarest(needle);
    std::size_t left = text.size() / kRare + 1;
    std::size_t at = text.find(needle[before], before);
    for (; at != std::string_view::npos && left > 0;
         at = text.find(needle[before], at + 1), --left) {
        if (text.substr(at - before).starts_with(needle)) return true;
    }
    if (at == std::string_view::npos) return false;
    text.remove_prefix(at - before);
    // memmem skips ahead; std::string_view::find stops at every quote of a JSON document.
    return ::memmem(text.data(), text.size(), needle.data(), needle.size()) != nullptr;
}

}  // namespace patchbay::shared
