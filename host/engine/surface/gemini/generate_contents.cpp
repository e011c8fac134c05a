#include "engine/surface/gemini/generate_contents.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <patchbay/json_tree.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/surface/gemini/fields.hpp"
#include "engine/surface/gemini/generate_parts.hpp"
#include "engine/surface/gemini/model_turn.hpp"
#include "engine/surface/hub/call_names.hpp"
#include "engine/surface/hub/tool_result.hpp"

namespace patchbay::surface {

namespace {

// What is one text is a string: not every server takes parts.
json::value content_of(json::array parts) {
    if (parts.size() == 1 && is_text(parts[0])) return std::move(parts[0].get_object()["text"]);
    return parts;
}

json::object user_message(json::array parts) {
    return {{"role", "user"}, {"content", content_of(std::move(parts))}};
}

/// What a functionResponse says.
struct Said {
    json::array parts;
    bool is_error = false;
};

// {"output": "..."} and {"error": "..."} are Google's ways to say a text, {"content": "..."} is LiteLLM's.
Said read_response(const json::value* response) {
    Said said;
    if (!response) return said;
    const auto* object = as_object(response);
    const bool alone = object && object->size() == 1;
    const auto* error = alone ? find(*object, "error") : nullptr;
    said.is_error = error != nullptr;
    const auto* told = error;
    for (const char* name : {"output", "content"}) {
        if (alone && !told) told = find(*object, name);
    }
    const auto* words = told ? told->if_string() : response->if_string();
    const std::string written = words   ? std::string(view(*words))
                                : error ? json_tree::write(*error)
                                        : json_tree::write(*response);
    if (!written.empty()) said.parts.emplace_back(plain_text_part(written));
    return said;
}

class Conversation {
  public:
    Conversation(Reading& reading, std::string_view detail, json::array& messages)
        : reading_(reading), detail_(detail), messages_(messages) {}

    Result<void> add(const json::object& content, const Place& place, std::size_t number) {
        const auto role = text_field(content, "role");
        const bool model = role == "model";
        if (!model && !role.empty() && role != "user" && role != "function" && role != "tool") {
            return bad_shape(Place("role", &place), "must be user or model");
        }
        const Place list("parts", &place);
        const auto* parts = array_field(content, "parts");
        if (!parts && field(content, "parts")) return bad_shape(list, "must be an array");
        number_ = number;
        if (model) {
            end_user();
            if (!turn_) turn_.emplace(reading_, number);
        } else {
            end_model();
        }
        for (std::size_t i = 0; parts && i < parts->size(); ++i) {
            const Place at(i, &list);
            const auto* part = as_object(&(*parts)[i]);
            if (!part) return bad_shape(at, "must be an object");
            auto added = model ? turn_->add(*part, at) : add_of_user(*part, at);
            if (!added) return added;
        }
        if (!parts_.empty()) said_.push_back(std::exchange(parts_, {}));
        return {};
    }

    void finish() {
        if (turn_) reading_.note("prefill");
        end_user();
        end_model();
    }

  private:
    Result<void> add_of_user(const json::object& part, const Place& place) {
        if (const auto* result = object_field(part, "functionResponse")) {
            return add_result(*result, Place("functionResponse", &place));
        }
        return append_part(part, detail_, place, reading_, parts_);
    }

    Result<void> add_result(const json::object& result, const Place& place) {
        const auto name = text_field(result, "name");
        const auto own = text_field(result, "id");
        if (name.empty() && own.empty()) {
            return bad_shape(Place("name", &place), "must be a string that is not empty");
        }
        auto said = read_response(field(result, "response"));
        if (const auto* media = array_field(result, "parts")) {
            const Place list("parts", &place);
            for (std::size_t i = 0; i < media->size(); ++i) {
                const Place at(i, &list);
                const auto* part = as_object(&(*media)[i]);
                if (!part) return bad_shape(at, "must be an object");
                auto added = append_part(*part, detail_, at, reading_, said.parts);
                if (!added) return added;
            }
        }
        const std::string id = id_of_call(name, own);
        ToolResult made;
        made.call_id = id;
        made.parts = std::move(said.parts);
        made.is_error = said.is_error;
        results_.emplace_back(tool_message(std::move(made), shown_, reading_, place));
        return {};
    }

    std::string id_of_call(std::string_view name, std::string_view own) {
        const auto chat_id = own.empty() ? std::string() : chat_call_id(own);
        if (const ModelCall* call = take_call(name, chat_id)) return call->id;
        // Nobody made the call; the provider says what it thinks of that.
        if (!chat_id.empty()) return chat_id;
        return "call_" + std::to_string(number_) + "_r" + std::to_string(results_.size());
    }

    /// The call of that id, else the first of that name that has no result yet; nullptr: there is none.
    const ModelCall* take_call(std::string_view name, std::string_view chat_id) {
        std::optional<std::size_t> at;
        if (const auto own = own_ids_.find(chat_id); own != own_ids_.end()) {
            at = own->second;
        } else if (const auto open = open_.find(name); open != open_.end()) {
            if (!open->second.empty()) at = *open->second.begin();
        }
        if (!at) return nullptr;
        open_[calls_[*at].name].erase(*at);
        return &calls_[*at];
    }

    void end_user() {
        for (auto& result : results_) messages_.push_back(std::move(result));
        results_.clear();
        if (!shown_.empty()) {
            if (said_.empty()) said_.emplace_back();
            auto& first = said_.front();
            first.insert(first.begin(), shown_.begin(), shown_.end());
            shown_.clear();
        }
        for (auto& parts : said_) messages_.emplace_back(user_message(std::move(parts)));
        said_.clear();
    }

    void end_model() {
        if (!turn_) return;
        if (auto message = turn_->finish(); !message.is_null()) {
            messages_.push_back(std::move(message));
        }
        calls_ = std::move(turn_->calls());
        turn_.reset();
        own_ids_.clear();
        open_.clear();
        for (std::size_t i = 0; i < calls_.size(); ++i) {
            if (calls_[i].own_id) own_ids_.emplace(calls_[i].id, i);
            open_[calls_[i].name].insert(i);
        }
    }

    Reading& reading_;
    std::string_view detail_;
    json::array& messages_;
    std::size_t number_ = 0;
    std::optional<ModelTurn> turn_;  ///< of the model, if that is what is read
    std::vector<ModelCall> calls_;   ///< of the last one; there may be very many, hence:
    std::map<std::string_view, std::size_t> own_ids_;         ///< of those that have one
    std::map<std::string_view, std::set<std::size_t>> open_;  ///< by name: those without a result
    json::array results_;                                     ///< of the user's turn: tool messages
    json::array shown_;                                       ///< media of results
    json::array parts_;                                       ///< of the content that is read
    std::vector<json::array> said_;                           ///< of the contents of the turn
};

}  // namespace

Result<void> append_instruction(const json::value& instruction, Reading& reading,
                                json::array& messages) {
    const Place place("systemInstruction");
    json::array parts;
    if (const auto* words = instruction.if_string()) {
        if (!words->empty()) parts.emplace_back(plain_text_part(view(*words)));
    } else {
        const auto* content = as_object(&instruction);
        const Place list("parts", &place);
        if (!content) return bad_shape(place, "must be an object");
        const auto* given = array_field(*content, "parts");
        if (!given) return bad_shape(list, "must be an array");
        for (std::size_t i = 0; i < given->size(); ++i) {
            const Place at(i, &list);
            const auto* part = as_object(&(*given)[i]);
            if (!part) return bad_shape(at, "must be an object");
            auto added = append_part(*part, {}, at, reading, parts);
            if (!added) return added;
        }
    }
    json::array kept;
    for (auto& part : parts) {
        if (is_text(part)) {
            kept.push_back(std::move(part));
        } else {
            reading.refuse(place);  // instructions are text
        }
    }
    if (kept.empty()) return {};
    messages.emplace_back(
        json::object{{"role", "system"}, {"content", content_of(std::move(kept))}});
    return {};
}

Result<void> append_contents(const json::array& contents, std::string_view detail, Reading& reading,
                             json::array& messages) {
    const Place list("contents");
    Conversation conversation(reading, detail, messages);
    for (std::size_t i = 0; i < contents.size(); ++i) {
        const Place place(i, &list);
        const auto* content = as_object(&contents[i]);
        if (!content) return bad_shape(place, "must be an object");
        auto added = conversation.add(*content, place, i);
        if (!added) return added;
    }
    conversation.finish();
    return {};
}

}  // namespace patchbay::surface
