#include "windows.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "contract/texts/texts.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::transcript {
namespace {

namespace json = boost::json;

std::vector<std::string> tokens_of(const std::string& path) {
    std::vector<std::string> tokens;
    for (std::size_t at = 0; at < path.size();) {
        const std::size_t end = std::min(path.find('/', at + 1), path.size());
        tokens.push_back(path.substr(at + 1, end - at - 1));
        at = end;
    }
    return tokens;
}

bool is_number(const std::string& token) {
    return !token.empty() && token.size() < 10 &&
           token.find_first_not_of("0123456789") == token.npos;
}

// `text` where tokens[at] and those behind it lead; a number is the `index` of an array's element.
json::value at_path(const std::vector<std::string>& tokens, std::size_t at, std::string_view text) {
    if (at == tokens.size()) return json::value(json::string(text));
    json::value inner = at_path(tokens, at + 1, text);
    if (!is_number(tokens[at])) return json::object{{tokens[at], std::move(inner)}};
    if (auto* object = inner.if_object()) object->emplace("index", std::stoi(tokens[at]));
    return json::array{std::move(inner)};
}

std::string chunk_of(const std::string& path, std::string_view text) {
    json::value chunk = at_path(tokens_of(path), 0, text);
    json::object& object = chunk.get_object();
    object["id"] = "chatcmpl-1";
    object["object"] = "chat.completion.chunk";
    object["created"] = 1767225600;
    object["model"] = "mine";
    return json_tree::write(chunk);
}

// The pieces of all channels in the order in which they come.
std::vector<std::string> chunks_of(const StreamText& stream, Cuts cuts) {
    std::vector<std::vector<std::string>> by_channel;
    std::size_t rounds = 0;
    for (const auto& channel : stream.channels) {
        auto& chunks = by_channel.emplace_back();
        for (const std::string_view piece : text_pieces(channel.text, cuts)) {
            chunks.push_back(chunk_of(channel.path, piece));
        }
        rounds = std::max(rounds, chunks.size());
    }
    std::vector<std::string> all;
    for (std::size_t i = 0; i < rounds; ++i) {
        for (const auto& chunks : by_channel) {
            if (i < chunks.size()) all.push_back(chunks[i]);
        }
    }
    return all;
}

bool is_end(const Action& action) {
    return action.kind == "fail" || action.kind == "fault" || action.kind == "refused";
}

}  // namespace

bool Windows::open() const {
    return !machine_.over() && !blocked_;
}

void Windows::play(const StreamText& stream, std::vector<Action>& aside) {
    setting_ = {stream.params, stream.metadata};
    questions_.begin_stream();
    const std::size_t before = machine_.recorder.written.size();
    for (const std::string& chunk : chunks_of(stream, cuts_)) {
        if (!open()) break;
        if (const auto taken = window_.push(chunk); !taken) {
            machine_.fault(taken.error().message);
        }
        if (cuts_.kind != Cuts::whole) ask(false);
    }
    ask(true);
    conclude(stream, machine_.take_since(before), aside);
}

void Windows::ask(bool last) {
    if (!open()) return;
    const std::vector<bay_text>& texts = window_.texts(last);
    std::vector<std::string> out;
    if (texts.empty()) {
        Verdict allow;
        allow.decision = Decision::allow;
        window_.apply(allow, last, out);
        return collect(out);
    }
    questions_.ask_window(texts, last, setting_);
    while (machine_.recorder.owing() && !machine_.over()) serve_();
    const auto& verdict = machine_.recorder.verdict();
    if (!verdict || machine_.over()) return;
    blocked_ = verdict->decision == Decision::block;
    window_.apply(*verdict, last, out);
    collect(out);
}

void Windows::collect(const std::vector<std::string>& chunks) {
    for (const std::string& text : chunks) {
        json::value chunk = json_tree::read(text).value;
        auto* choices = chunk.is_object() ? chunk.get_object().if_contains("choices") : nullptr;
        if (!choices || !choices->is_array()) continue;
        for (json::value& choice : choices->get_array()) {
            for (const guard::Text& one : guard::delta_texts(choice)) {
                json_tree::join(released_[one.path], one.copy);
            }
        }
    }
}

void Windows::conclude(const StreamText& stream, std::vector<Action> done,
                       std::vector<Action>& aside) {
    std::vector<Action> ends;
    for (Action& action : done) {
        const bool end = is_end(action) || (action.kind == "verdict" && action.key == "block");
        // What is refused in every window is told once.
        const bool told = std::find(ends.begin(), ends.end(), action) != ends.end();
        if (end && !told) ends.push_back(action);
        aside.push_back(std::move(action));
    }
    const auto add = [&](Action action) { machine_.recorder.written.push_back(std::move(action)); };
    for (const auto& channel : stream.channels) {
        Action released{.kind = "released", .key = channel.path};
        released.number = ends.empty() ? 0 : 1;
        released.text = released_[channel.path];
        released_.erase(channel.path);
        add(std::move(released));
    }
    for (const auto& [path, text] : released_) {
        add({.kind = "refused", .text = "released at " + path + ", where nothing came: " + text});
    }
    for (Action& end : ends) add(std::move(end));
    machine_.skip_recorded();
}

}  // namespace patchbay::transcript
