#include "reader.hpp"

#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/sdk/host.hpp"

namespace patchbay::ollama {

namespace json = boost::json;

namespace {

/// One piece of an answer, of either API.
struct Piece {
    std::string_view text;
    std::string_view thinking;
    const json::array* calls = nullptr;
};

/// Nothing if the document is of neither API.
std::optional<Piece> piece_of(const json::object& document) {
    if (const json::object* message = shared::find_object(document, "message")) {
        return Piece{shared::text(*message, "content"), shared::text(*message, "thinking"),
                     shared::find_array(*message, "tool_calls")};
    }
    if (!document.contains("response") && !shared::is_true(&document, "done")) return std::nullopt;
    return Piece{shared::text(document, "response"), shared::text(document, "thinking"), nullptr};
}

std::string id_of(const json::object* call) {
    constexpr std::size_t kDigits = 24;
    const std::string_view given = shared::text(call, "id");
    return given.empty() ? "call_" + bay::Host::random_hex(kDigits) : std::string(given);
}

/// Arguments are an object; some servers send its text.
std::string arguments_of(const json::object* function) {
    const json::value* arguments = shared::find(function, "arguments");
    if (arguments == nullptr) return "{}";
    if (arguments->is_string()) return std::string(arguments->get_string());
    return json_tree::write(*arguments);
}

std::string_view finish_reason(const json::object& document, bool called) {
    if (called) return "tool_calls";
    return shared::text(document, "done_reason") == "length" ? "length" : "stop";
}

}  // namespace

json::object usage_of(const json::object& document) {
    const std::uint64_t input = shared::count(document, "prompt_eval_count");
    const std::uint64_t output = shared::count(document, "eval_count");
    return {
        {"prompt_tokens", input}, {"completion_tokens", output}, {"total_tokens", input + output}};
}

bay_usage host_usage_of(const json::object& document) {
    bay_usage usage{};
    usage.size = sizeof usage;
    usage.input_tokens = shared::count(document, "prompt_eval_count");
    usage.output_tokens = shared::count(document, "eval_count");
    return usage;
}

openai::Read<json::object> Reader::whole(const json::object& document) {
    const auto piece = piece_of(document);
    if (!piece) return openai::unreadable("Ollama", "there is no message");
    shared::Thought thought = shared::split_thought(piece->text);
    thought.reasoning.insert(0, piece->thinking);
    json::object message{{"role", "assistant"}, {"content", thought.content}};
    if (!thought.reasoning.empty()) message["reasoning_content"] = thought.reasoning;
    json::array calls;
    if (piece->calls != nullptr) {
        for (const json::value& value : *piece->calls) {
            const json::object* call = value.if_object();
            const json::object* function = shared::find_object(call, "function");
            calls.emplace_back(shared::tool_call(id_of(call), shared::text(function, "name"),
                                                 arguments_of(function)));
        }
    }
    const bool called = !calls.empty();
    if (called) message["tool_calls"] = std::move(calls);
    usage_ = host_usage_of(document);
    if (const auto model = shared::text(document, "model"); !model.empty()) {
        writer_.head().model = model;
    }
    return shared::whole_chat(writer_.head(), std::move(message), finish_reason(document, called),
                              usage_of(document));
}

openai::Read<void> Reader::event(const json::object& document, std::vector<std::string>& chunks) {
    if (complete_) return {};
    const auto piece = piece_of(document);
    if (!piece) return openai::unreadable("Ollama", "a line has neither message nor response");
    if (const auto model = shared::text(document, "model"); !model.empty()) {
        writer_.head().model = model;
    }
    writer_.text("reasoning_content", piece->thinking, chunks);
    say(tags_.take(piece->text), chunks);
    if (piece->calls != nullptr) {
        for (const json::value& value : *piece->calls) {
            const json::object* call = value.if_object();
            const json::object* function = shared::find_object(call, "function");
            writer_.call(calls_++, id_of(call), shared::text(function, "name"),
                         arguments_of(function), chunks);
        }
    }
    if (!shared::is_true(&document, "done")) return {};
    complete_ = true;
    say(tags_.finish(), chunks);
    usage_ = host_usage_of(document);
    writer_.finish(finish_reason(document, calls_ > 0), chunks);
    if (want_usage_) writer_.usage(usage_of(document), chunks);
    return {};
}

void Reader::say(const shared::Thought& thought, std::vector<std::string>& chunks) {
    writer_.text("reasoning_content", thought.reasoning, chunks);
    writer_.text("content", thought.content, chunks);
}

}  // namespace patchbay::ollama
