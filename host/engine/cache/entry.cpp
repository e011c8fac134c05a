#include "engine/cache/entry.hpp"

#include <cstring>
#include <limits>
#include <utility>

#include "engine/surface/operation.hpp"
#include "engine/version.hpp"

namespace patchbay {

namespace {

constexpr std::string_view kMark = "pb-cache-1 " PATCHBAY_VERSION;
constexpr std::size_t kOverhead = 256;  // of lists, tables and the allocator

template <class Number>
void append_number(std::string& text, Number number) {
    char raw[sizeof number];
    std::memcpy(raw, &number, sizeof number);
    text.append(raw, sizeof raw);
}

void append_text(std::string& text, std::string_view part) {
    append_number(text, static_cast<std::uint32_t>(part.size()));
    text.append(part);
}

// Takes fields off the beginning of a text; false where it is too short.
template <class Number>
bool take_number(std::string_view& text, Number& number) {
    if (text.size() < sizeof number) return false;
    std::memcpy(&number, text.data(), sizeof number);
    text.remove_prefix(sizeof number);
    return true;
}

bool take_text(std::string_view& text, std::string_view& part) {
    std::uint32_t size = 0;
    if (!take_number(text, size) || text.size() < size) return false;
    part = text.substr(0, size);
    text.remove_prefix(size);
    return true;
}

const Operation* operation_of(std::string_view id) {
    for (const Operation* operation : operations()) {
        if (operation->id == id) return operation;
    }
    return nullptr;
}

}  // namespace

void KeptEvents::append(std::string_view name, std::string_view json) {
    append_text(text_, name);
    append_text(text_, json);
}

bool KeptEvents::next(std::size_t& at, Event& event) const {
    std::string_view rest = std::string_view(text_).substr(at);
    if (!take_text(rest, event.name) || !take_text(rest, event.json)) return false;
    at = text_.size() - rest.size();
    return true;
}

std::size_t CacheEntry::bytes() const {
    std::size_t sum =
        sizeof *this + kOverhead + deployment.size() + whole.size() + events.text().size();
    for (const std::string& name : left_out) sum += sizeof name + name.size();
    return sum;
}

std::string packed(const CacheEntry& entry) {
    std::string text;
    text.reserve(entry.bytes());
    append_text(text, kMark);
    append_text(text, entry.operation->id);
    append_text(text, entry.deployment);
    append_number(text, entry.stored_ms);
    append_number(text, entry.expires_ms);
    append_number(text, entry.cost);
    append_text(text, entry.whole);
    append_text(text, entry.events.text());
    for (const std::string& name : entry.left_out) append_text(text, name);
    return text;
}

bool unpack(std::string_view bytes, CacheEntry& entry) {
    std::string_view mark, operation, deployment, whole, events, name;
    if (!take_text(bytes, mark) || mark != kMark || !take_text(bytes, operation) ||
        !take_text(bytes, deployment) || !take_number(bytes, entry.stored_ms) ||
        !take_number(bytes, entry.expires_ms) || !take_number(bytes, entry.cost) ||
        !take_text(bytes, whole) || !take_text(bytes, events)) {
        return false;
    }
    entry.operation = operation_of(operation);
    entry.deployment = deployment;
    entry.whole = whole;
    entry.events = KeptEvents(std::string(events));
    entry.left_out.clear();
    while (!bytes.empty()) {
        if (!take_text(bytes, name)) return false;
        entry.left_out.emplace_back(name);
    }
    return entry.operation != nullptr && (!entry.whole.empty() || !entry.events.empty());
}

}  // namespace patchbay
