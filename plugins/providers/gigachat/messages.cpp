// SPDX-License-Identifier: Apache-2.0
#include "messages.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>

#include <boost/json.hpp>

#include "chat/base64.hpp"
#include "json/access.hpp"
#include "prompt_shared/client_request.hpp"

namespace patchbay::gigachat {

namespace json = boost::json;
using openai::Refusal;
using prompt::bad_place;

namespace {

/// A call of a message before, whose result is to come.
struct Call {
    std::string id, name;
    json::value arguments;
};

/// The elements of a list that may not be there.
const json::array& elements(const json::array* list) {
    static const json::array none;
    return list != nullptr ? *list : none;
}

/// True for a media type without parameters, which may stand in a header.
bool is_type(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '/' || c == '+' || c == '-' || c == '.';
    });
}

/// "data:image/png;base64,..." taken apart; nothing for an address of another kind.
std::optional<Upload> upload_of(std::string_view url) {
    constexpr std::string_view kData = "data:", kMark = ";base64,";
    const auto mark = url.find(kMark);
    if (!url.starts_with(kData) || mark == std::string_view::npos) return std::nullopt;
    const std::string_view type = url.substr(kData.size(), mark - kData.size());
    auto bytes = shared::decode_base64(url.substr(mark + kMark.size()));
    if (!bytes || !is_type(type)) return std::nullopt;
    return Upload{0, std::string(type), std::move(*bytes)};
}

/// Arguments as the object that GigaChat takes; what is no JSON object stands in one.
json::value arguments_of(const json::object* function) {
    const json::value* const given = shared::find(function, "arguments");
    if (given == nullptr) return json::object();
    if (!given->is_string()) return *given;
    auto parsed = shared::parse_json(given->get_string());
    if (parsed && parsed->is_object()) return std::move(*parsed);
    return given->get_string().empty() ? json::value(json::object())
                                       : json::value{{"arguments", *given}};
}

std::vector<Call> calls_of(const json::object& message) {
    std::vector<Call> calls;
    for (const json::value& value : elements(shared::find_array(message, "tool_calls"))) {
        const json::object* const function = shared::find_object(value.if_object(), "function");
        calls.push_back({std::string(shared::text(value.if_object(), "id")),
                         std::string(shared::text(function, "name")), arguments_of(function)});
    }
    const json::object* const old = shared::find_object(message, "function_call");
    if (calls.empty() && old != nullptr) {
        calls.push_back({{}, std::string(shared::text(old, "name")), arguments_of(old)});
    }
    return calls;
}

/// A result as the text of a JSON object.
std::string result_of(std::string content) {
    auto parsed = shared::parse_json(content);
    if (parsed && parsed->is_object()) return content;
    json::object made;
    made["result"] = parsed ? std::move(*parsed) : json::value(content);
    return shared::to_text(made);
}

class Writer {
  public:
    explicit Writer(const json::array& messages) : given_(messages) {}

    openai::Written<Conversation> write() {
        for (at_ = 0; at_ < given_.size() && !refusal_; ++at_) {
            const json::object* const message = given_[at_].if_object();
            if (message == nullptr) return bad_place(place(at_), "must be an object");
            write_message(*message);
        }
        if (refusal_) return *refusal_;
        return std::move(made_);
    }

  private:
    static std::string place(std::size_t index) {
        return "messages[" + std::to_string(index) + "]";
    }

    void write_message(const json::object& message) {
        const std::string_view role = shared::text(message, "role");
        if (role == "assistant") return write_answer(message);
        if (role == "tool" || role == "function") return write_result(message, role_name(message));
        const std::string_view own =
            (role == "system" || role == "developer") && made_.messages.empty() ? "system" : "user";
        add(own, message);
    }

    /// An assistant's message; of several calls each stands before its result.
    void write_answer(const json::object& message) {
        std::vector<Call> calls = calls_of(message);
        json::object& first = add("assistant", message);
        const json::object* const fields = shared::find_object(message, "provider_specific_fields");
        if (const json::value* state = shared::find(fields, "functions_state_id")) {
            first["functions_state_id"] = *state;
        }
        std::size_t end = at_ + 1;
        const auto is_result = [&](std::size_t index) {
            return index < given_.size() &&
                   shared::text(given_[index].if_object(), "role") == "tool";
        };
        while (is_result(end)) ++end;
        std::vector<bool> told(end - at_, false);
        std::unordered_map<std::string_view, std::deque<std::size_t>> results;  // by their calls
        for (std::size_t i = at_ + 1; i < end; ++i) {
            results[shared::text(given_[i].get_object(), "tool_call_id")].push_back(i);
        }
        for (Call& call : calls) {
            json::object& own = &call == &calls.front() ? last() : add("assistant", {});
            own["function_call"] =
                json::object{{"name", call.name}, {"arguments", std::move(call.arguments)}};
            const auto found = results.find(call.id);
            if (found == results.end() || found->second.empty()) continue;
            const std::size_t i = found->second.front();
            found->second.pop_front();
            told[i - at_] = true;
            write_result(given_[i].get_object(), call.name, i);
        }
        // Results of nobody's call stay where they are.
        for (std::size_t i = at_ + 1; i < end; ++i) {
            const json::object& result = given_[i].get_object();
            if (!told[i - at_]) write_result(result, role_name(result), i);
        }
        at_ = end - 1;
    }

    static std::string role_name(const json::object& message) {
        return std::string(shared::text(message, "name", shared::text(message, "tool_call_id")));
    }

    void write_result(const json::object& message, std::string name,
                      std::optional<std::size_t> index = std::nullopt) {
        json::object& made = add("function", message, index);
        made["name"] = std::move(name);
        made["content"] = result_of(std::string(std::string_view(made.at("content").get_string())));
    }

    json::object& last() { return made_.messages.back().get_object(); }

    /// A message with the texts of `message` and its files, of which those that are here are to be
    /// uploaded. `index`: of `message`, if it is not the one under way.
    json::object& add(std::string_view role, const json::object& message,
                      std::optional<std::size_t> index = std::nullopt) {
        made_.messages.emplace_back(json::object{{"role", role}, {"content", ""}});
        const json::value* const content = shared::find(message, "content");
        if (content == nullptr) return last();
        const std::string at = place(index.value_or(at_)) + ".content";
        if (content->is_string()) {
            last()["content"] = *content;
        } else if (content->is_array()) {
            std::string words;
            const json::array& parts = content->get_array();
            for (std::size_t i = 0; i < parts.size(); ++i) {
                add_part(parts[i].if_object(), at + "[" + std::to_string(i) + "]", words);
            }
            last()["content"] = words;
        } else {
            refuse(at, "must be a text or a list of parts");
        }
        if (const json::array* files = shared::find_array(message, "attachments")) {
            for (const json::value& file : *files) {
                if (file.is_string()) attach(file.get_string());
            }
        }
        return last();
    }

    void add_part(const json::object* part, std::string place, std::string& words) {
        const std::string_view type = shared::text(part, "type");
        if (type == "text") {
            if (!words.empty()) words += '\n';
            words += shared::text(part, "text");
            return;
        }
        const json::value* const picture = shared::find(part, "image_url");
        const json::object* const file = shared::find_object(part, "file");
        if (type == "file" && !shared::text(file, "file_id").empty()) {
            return attach(shared::text(file, "file_id"));
        }
        std::string_view url = shared::text(file, "file_data");
        if (type == "image_url" && picture != nullptr) {
            url = picture->is_string() ? std::string_view(picture->get_string())
                                       : shared::text(picture->if_object(), "url");
        }
        auto upload = upload_of(url);
        if (!upload) {
            return refuse(std::move(place),
                          "GigaChat takes texts, and pictures and files whose data are here "
                          "(data:...;base64,...)");
        }
        if (made_.uploads.size() == kMostUploads) {
            return refuse(std::move(place), "there are more pictures and files than 32");
        }
        upload->message = made_.messages.size() - 1;
        made_.uploads.push_back(std::move(*upload));
    }

    void attach(std::string_view id) {
        gigachat::attach(made_.messages, made_.messages.size() - 1, id);
    }

    void refuse(std::string place, std::string_view why) {
        if (!refusal_) refusal_ = bad_place(std::move(place), why);
    }

    const json::array& given_;
    std::size_t at_ = 0;  ///< the message under way
    Conversation made_;
    std::optional<Refusal> refusal_;
};

}  // namespace

openai::Written<Conversation> conversation_of(const json::array& messages) {
    return Writer(messages).write();
}

void attach(json::array& messages, std::size_t index, std::string_view id) {
    json::object& message = messages[index].get_object();
    if (!message.contains("attachments")) message["attachments"] = json::array();
    message["attachments"].as_array().emplace_back(id);
}

}  // namespace patchbay::gigachat
