#include "responses_input.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_set>
#include <utility>

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid_io.hpp>

#include "responses_parts.hpp"
#include "responses_thoughts.hpp"

namespace patchbay::openai {

namespace {

constexpr std::string_view kError = "Error: ";

/// The one text that `content` is, if it is one.
std::optional<std::string_view> only_text(const json::value* content) {
    if (!content) return std::nullopt;
    if (const auto* string = content->if_string()) return std::string_view(*string);
    const auto* parts = content->if_array();
    const auto* part = parts && parts->size() == 1 ? (*parts)[0].if_object() : nullptr;
    const auto* words = part && text(*part, "type") == "text" ? find(*part, "text") : nullptr;
    const auto* string = words ? words->if_string() : nullptr;
    return string ? std::optional<std::string_view>(*string) : std::nullopt;
}

bool instructs(std::string_view role) {
    return role == "system" || role == "developer";
}

class Messages {
  public:
    Messages(const json::array& messages, ResponsesInput& input)
        : messages_(messages), input_(input), items_(input.items) {}

    Result<void> write(bool may_instruct) {
        const std::size_t first = may_instruct && take_instructions() ? 1 : 0;
        for (std::size_t i = first; i < messages_.size(); ++i) {
            const std::string place = place_of("messages", i);
            const auto* message = messages_[i].if_object();
            if (!message) return bad_request(place, "must be an object");
            if (auto written = add(*message, place); !written) return written;
        }
        items_.end();
        return {};
    }

  private:
    struct Writer {
        std::string_view role;
        Result<void> (Messages::*add)(const json::object& message, const std::string& place);
    };
    static const std::array<Writer, 6> kWriters;

    const json::object* message_at(std::size_t index) const {
        return index < messages_.size() ? messages_[index].if_object() : nullptr;
    }

    bool take_instructions() {
        const auto* message = message_at(0);
        if (!message || text(*message, "role") != "system") return false;
        const auto words = only_text(find(*message, "content"));
        const auto* next = message_at(1);
        if (!words || words->empty() || (next && instructs(text(*next, "role")))) return false;
        input_.instructions = *words;
        return true;
    }

    Result<void> add(const json::object& message, const std::string& place) {
        const auto role = text(message, "role");
        const auto writer = std::find_if(kWriters.begin(), kWriters.end(),
                                         [&](const Writer& row) { return row.role == role; });
        if (writer != kWriters.end()) return (this->*writer->add)(message, place);
        return bad_request(place + ".role",
                           "must be system, developer, user, assistant, tool or function");
    }

    Result<void> add_said(const json::object& message, const std::string& place) {
        const auto* content = find(message, "content");
        if (!content) return bad_request(place + ".content", "must be a string or an array");
        return add_message(text(message, "role"), *content, Speaker::input, place);
    }

    Result<void> add_message(std::string_view role, const json::value& content, Speaker speaker,
                             const std::string& place) {
        ObjectText item(items_.element());
        item.words("type", "message");
        item.words("role", role);
        ListText parts(item.member("content"));
        auto written = append_parts(content, speaker, place + ".content", parts);
        parts.end();
        item.end();
        return written;
    }

    Result<void> add_assistant(const json::object& message, const std::string& place) {
        if (find(message, "audio"))
            return not_sayable(place + ".audio", "earlier answers in sound");
        std::string said;
        ListText parts(said);
        if (const auto* content = find(message, "content")) {
            auto written = append_parts(*content, Speaker::output, place + ".content", parts);
            if (!written) return written;
        }
        if (const auto words = text(message, "refusal"); !words.empty()) {
            ObjectText part(parts.element());
            part.words("type", "refusal");
            part.words("refusal", words);
            part.end();
        }
        parts.end();
        const auto* calls = find(message, "tool_calls");
        const auto* function = find_object(message, "function_call");
        const bool called = function || (calls && calls->if_array() && !calls->get_array().empty());
        if (calls && !calls->is_array()) {
            return bad_request(place + ".tool_calls", "must be an array");
        }
        // OpenAI refuses a thought that nothing follows.
        if (!parts.empty() || called) append_thoughts(message, items_);
        if (!parts.empty()) {
            ObjectText item(items_.element());
            item.words("type", "message");
            item.words("role", "assistant");
            item.json("content", said);
            item.end();
        }
        if (calls) return add_calls(calls->get_array(), place);
        return function ? add_function_call(*function) : Result<void>();
    }

    Result<void> add_calls(const json::array& calls, const std::string& place) {
        for (std::size_t i = 0; i < calls.size(); ++i) {
            const std::string at = place_of(place + ".tool_calls", i);
            const auto* call = calls[i].if_object();
            if (!call) return bad_request(at, "must be an object");
            const auto id = text(*call, "id");
            if (id.empty()) return bad_request(at + ".id", "must be a string that is not empty");
            const bool custom = text(*call, "type") == "custom";
            const auto* called = find_object(*call, custom ? "custom" : "function");
            if (!called) return bad_request(at + ".function", "must be an object");
            if (custom) custom_ids_.emplace(id);
            add_call(id, *called, custom);
        }
        return {};
    }

    void add_call(std::string_view id, const json::object& called, bool custom) {
        ObjectText item(items_.element());
        item.words("type", custom ? "custom_tool_call" : "function_call");
        item.words("call_id", response_call_id(id));
        item.words("name", text(called, "name"));
        if (custom) {
            item.words("input", text(called, "input"));
        } else {
            const auto* object = find_object(called, "arguments");
            const auto given = text(called, "arguments", "{}");
            const std::string words = object ? json_tree::write(*object) : std::string(given);
            item.words("arguments", words.empty() ? std::string_view("{}") : words);
        }
        item.end();
    }

    /// The older form of a call has no id; its result is the next one.
    Result<void> add_function_call(const json::object& function) {
        add_call("function_call_" + std::to_string(++function_calls_), function, false);
        return {};
    }
    Result<void> add_function_result(const json::object& message, const std::string& place) {
        return add_output("function_call_" + std::to_string(function_calls_), message, place);
    }

    Result<void> add_result(const json::object& message, const std::string& place) {
        const auto id = text(message, "tool_call_id");
        if (!id.empty()) return add_output(id, message, place);
        return bad_request(place + ".tool_call_id", "must be a string that is not empty");
    }

    Result<void> add_output(std::string_view id, const json::object& message,
                            const std::string& place) {
        const bool custom = custom_ids_.count(id) != 0;
        const bool failed = shared::is_true(&message, "is_error");
        const auto* content = find(message, "content");
        ObjectText item(items_.element());
        item.words("type", custom ? "custom_tool_call_output" : "function_call_output");
        item.words("call_id", response_call_id(id));
        Result<void> written;
        if (const auto words = content ? only_text(content) : std::string_view()) {
            const bool prefix = failed && !words->starts_with("Error");
            item.words("output", prefix ? std::string(kError).append(*words) : std::string(*words));
        } else {
            ListText parts(item.member("output"));
            if (failed) written = append_parts("Error:", Speaker::input, place, parts);
            if (written) {
                written = append_parts(*content, Speaker::input, place + ".content", parts);
            }
            parts.end();
        }
        item.end();
        return written;
    }

    const json::array& messages_;
    ResponsesInput& input_;
    ListText items_;
    std::unordered_set<std::string_view> custom_ids_;  ///< of calls with free text
    std::size_t function_calls_ = 0;                   ///< in the older form
};

const std::array<Messages::Writer, 6> Messages::kWriters{{
    {"user", &Messages::add_said},
    {"assistant", &Messages::add_assistant},
    {"tool", &Messages::add_result},
    {"system", &Messages::add_said},
    {"developer", &Messages::add_said},
    {"function", &Messages::add_function_result},
}};

}  // namespace

Result<ResponsesInput> responses_input(const json::value& messages, bool may_instruct) {
    const auto* list = messages.if_array();
    if (!list) return bad_request("messages", "must be an array");
    ResponsesInput input;
    Messages all(*list, input);
    if (auto written = all.write(may_instruct); !written) return written.error();
    return input;
}

std::string response_call_id(std::string_view id) {
    constexpr std::size_t kMost = 64;
    if (id.size() <= kMost) return std::string(id);
    static const boost::uuids::name_generator_sha1 hash(boost::uuids::ns::oid());
    return "tc_" + to_string(hash(id.data(), id.size()));
}

}  // namespace patchbay::openai
