#include "contract/texts/stream_window.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

#include <boost/json.hpp>

#include "patchbay/json_tree.hpp"

namespace patchbay::guard {

namespace json = boost::json;

namespace {

constexpr std::size_t kHalf = 3;  ///< bytes of half a surrogate pair in a tree's texts

// Stands in for the text in a chunk that is being taken apart; cannot be part of JSON's own
// characters, so it is found where it was put.
constexpr std::string_view kMark = "\x01text\x01";

Error too_much(const char* what) {
    Error error;
    error.cls = ErrorClass::upstream;
    error.http_status = 500;
    error.retry = RetryHint::never;
    error.message = what;
    return error;
}

bool present(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && !value->is_null();
}

/// `value` with nothing in it but the way to `leaf`, and what tells an array's elements apart.
std::optional<json::value> branch(const json::value& value, const json::string& leaf) {
    if (const auto* text = value.if_string()) {
        if (text == &leaf) return json::value(json::string(kMark));
    } else if (const auto* object = value.if_object()) {
        for (const auto& member : *object) {
            auto inner = branch(member.value(), leaf);
            if (!inner) continue;
            json::object kept;
            for (const std::string_view name : {"index", "type"}) {
                if (const auto* sibling = object->if_contains(name)) kept[name] = *sibling;
            }
            kept[member.key()] = std::move(*inner);
            return json::value(std::move(kept));
        }
    } else if (const auto* array = value.if_array()) {
        for (const auto& element : *array) {
            if (auto inner = branch(element, leaf)) return json::value(json::array{*inner});
        }
    }
    return std::nullopt;
}

/// True if there is anything in a delta that a client needs although its texts are gone.
bool has_structure(const json::value& value) {
    if (const auto* object = value.if_object()) {
        return std::any_of(object->begin(), object->end(), [](const auto& member) {
            return member.key() != "index" && member.key() != "type" &&
                   has_structure(member.value());
        });
    }
    if (const auto* array = value.if_array()) {
        return std::any_of(array->begin(), array->end(), has_structure);
    }
    const auto* text = value.if_string();
    return text ? !text->empty() : !value.is_null();
}

std::size_t character_start(std::string_view text, std::size_t at) {
    while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
        --at;
    return at;
}

}  // namespace

// Halves that belong together are joined, but not over the edge of what went out before.
void StreamWindow::Channel::take(std::string_view text) {
    if (escapes == unknown) {
        const std::size_t first = text.find_first_not_of(" \t\r\n");
        if (first != std::string_view::npos) {
            escapes = text[first] == '{' || text[first] == '[' ? resolved : plain;
        }
    }
    std::string piece;
    if (escapes == resolved) {
        resolver.feed(text, piece);
        text = piece;
    }
    if (held() < kHalf) {
        shown += text;
    } else {
        json_tree::join(shown, text);
    }
}

std::size_t StreamWindow::find_channel(const json::object& chunk, const json::value& choice,
                                       const Text& text) {
    const auto found = by_path_.find(text.path);
    if (found != by_path_.end()) return found->second;
    json::object shell;
    for (const std::string_view name : {"id", "object", "created", "model", "system_fingerprint"}) {
        if (const auto* value = chunk.if_contains(name)) shell[name] = *value;
    }
    json::value only = *branch(choice, *text.value);
    json::object with_text = std::move(only.get_object());
    json::object rest{{"index", 0}, {"finish_reason", nullptr}};
    if (const auto* index = choice.get_object().if_contains("index")) rest["index"] = *index;
    for (auto& member : with_text) {
        if (member.key() != "index") rest[member.key()] = std::move(member.value());
    }
    shell["choices"] = json::array{std::move(rest)};
    const std::string written = json_tree::write(shell);
    const std::string mark = json_tree::write(json::string(kMark));
    const std::size_t at = written.rfind(mark);
    Channel& made = channels_.emplace_back();
    made.path = text.path;
    made.role = text.role;
    made.head = written.substr(0, at);
    made.tail = written.substr(at + mark.size());
    if (text.arguments) made.escapes = Channel::unknown;
    by_path_.emplace(text.path, channels_.size() - 1);
    return channels_.size() - 1;
}

// False if there are too many channels.
bool StreamWindow::take_texts(json::object& chunk, json::value& choice) {
    for (Text& text : delta_texts(choice)) {
        if (text.copy.empty()) continue;
        if (channels_.size() >= kMaxChannels && !by_path_.contains(text.path)) return false;
        channels_[find_channel(chunk, choice, text)].take(text.copy);
        bytes_ += text.copy.size();
        *text.value = "";
    }
    return true;
}

Result<void> StreamWindow::push(std::string_view given) {
    json_tree::Tree tree = json_tree::read(given);
    json::value& document = tree.value;
    auto* chunk = document.if_object();
    if (!chunk) return too_much("A chunk of the answer is not a JSON object.");
    auto* choices = chunk->if_contains("choices");
    bool structure = !choices || !choices->is_array() || choices->get_array().empty() ||
                     present(*chunk, "usage");
    bool finished = false;
    std::string whole;
    // Of members that come twice only the last one is in the tree, and so nothing else goes out.
    bool as_it_came = !tree.repeated && given.find_first_of("\r\n") == std::string_view::npos;
    if (choices && choices->is_array()) {
        for (json::value& choice : choices->get_array()) {
            // Some send the answer so far beside the delta; a client needs it as little as a
            // guardrail.
            auto* object = choice.if_object();
            if (object && object->erase("message") > 0) as_it_came = false;
        }
        if (clean_) whole = as_it_came ? std::string(given) : json_tree::write(document);
        for (json::value& choice : choices->get_array()) {
            if (!choice.is_object()) continue;
            if (!take_texts(*chunk, choice)) {
                return too_much("The answer has too many parts for a guardrail to look at.");
            }
            drop_logprobs(choice);
            finished = finished || present(choice.get_object(), "finish_reason");
            const auto* delta = choice.get_object().if_contains("delta");
            structure = structure || (delta && has_structure(*delta));
        }
    } else if (clean_) {
        whole = as_it_came ? std::string(given) : json_tree::write(document);
    }
    ++fresh_;
    if (clean_) {
        bytes_ += whole.size();
        whole_.push_back(std::move(whole));
    }
    if (finished || structure) {
        std::string kept = json_tree::write(document);
        bytes_ += kept.size();
        const bool waits = finished || !waiting_.empty();
        (waits ? waiting_ : structure_).push_back(std::move(kept));
    }
    if (bytes_ > kMaxHeld)
        return too_much("A guardrail held back more of the answer than allowed.");
    return {};
}

const std::vector<bay_text>& StreamWindow::texts(bool last) {
    views_.clear();
    asked_.clear();
    for (std::size_t i = 0; i < channels_.size(); ++i) {
        Channel& channel = channels_[i];
        if (last) channel.resolver.finish(channel.shown);
        if (channel.held() == 0) continue;
        const bool halves = json_tree::has_half(channel.shown);
        if (halves) {
            channel.utf8 =
                json_tree::to_utf8(std::string_view(channel.shown).substr(0, channel.fixed)) +
                json_tree::to_utf8(std::string_view(channel.shown).substr(channel.fixed));
        }
        const std::string& shown = halves ? channel.utf8 : channel.shown;
        asked_.push_back(i);
        views_.push_back({{channel.path.data(), channel.path.size()},
                          {channel.role.data(), channel.role.size()},
                          {shown.data(), shown.size()},
                          channel.fixed});
    }
    return views_;
}

void StreamWindow::move_out(std::vector<std::string>& from, std::vector<std::string>& to) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    from.clear();
}

std::size_t StreamWindow::held_bytes() const {
    std::size_t sum = 0;
    for (const Channel& channel : channels_) sum += channel.held() + channel.resolver.kept();
    return sum;
}

bool StreamWindow::keeps_escapes() const {
    return std::any_of(channels_.begin(), channels_.end(),
                       [](const Channel& channel) { return channel.resolver.kept() > 0; });
}

void StreamWindow::release(Channel& channel, const std::string* edited, std::size_t hold,
                           std::vector<std::string>& out) {
    const std::string_view held = std::string_view(channel.shown).substr(channel.fixed);
    const std::size_t cut = character_start(held, held.size() - std::min(hold, held.size()));
    const std::string released = edited ? *edited : std::string(held.substr(0, cut));
    if (!released.empty()) {
        std::string& chunk = out.emplace_back(channel.head);
        json_tree::append_string(released, chunk);
        chunk += channel.tail;
    }
    std::string context = channel.shown.substr(0, channel.fixed) + released;
    const std::size_t drop = context.size() > kContext ? context.size() - kContext : 0;
    context.erase(0, character_start(context, drop));
    channel.fixed = context.size();
    channel.shown = context + std::string(held.substr(cut));
}

void StreamWindow::apply(const Verdict& verdict, bool last, std::vector<std::string>& out) {
    fresh_ = 0;
    if (verdict.decision == Decision::block) return;
    // What came in part of an escape has not been shown, and cannot go out with its chunk.
    if (clean_ && verdict.decision == Decision::allow && !keeps_escapes()) {
        move_out(whole_, out);
        structure_.clear();
        waiting_.clear();
        std::vector<std::string> sent_already;
        for (Channel& channel : channels_) release(channel, nullptr, 0, sent_already);
        bytes_ = 0;
        return;
    }
    clean_ = false;
    whole_.clear();
    move_out(structure_, out);
    std::vector<const TextEdit*> edits(asked_.size());
    for (const TextEdit& edit : verdict.edits) edits[edit.index] = &edit;
    for (std::size_t i = 0; i < asked_.size() && verdict.decision != Decision::hold; ++i) {
        const TextEdit* edit = edits[i];
        const std::string* text = edit && edit->text ? &*edit->text : nullptr;
        release(channels_[asked_[i]], text, edit ? edit->hold : 0, out);
    }
    if (held_bytes() == 0 || last) {
        move_out(waiting_, out);
        clean_ = true;
    }
    bytes_ = held_bytes();
    for (const std::string& chunk : waiting_) bytes_ += chunk.size();
}

}  // namespace patchbay::guard
