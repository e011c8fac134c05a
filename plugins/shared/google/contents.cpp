#include "contents.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "assistant.hpp"
#include "call_state.hpp"
#include "tool_results.hpp"

namespace patchbay::google {

namespace {

constexpr std::string_view kNoWords = ".";
constexpr std::string_view kBlank = " ";  // LiteLLM's

// A turn of the user's whose parts are all files.
bool lacks_words(const json::array& parts) {
    return std::none_of(parts.begin(), parts.end(), [](const json::value& value) {
        const auto& part = value.get_object();
        return part.contains("text") || part.contains("function_response");
    });
}

class Translator {
  public:
    Translator(PartContext& context, FunctionNames& names)
        : context_(context), names_(names), results_(context, names) {}

    Result<void> add(const json::value& value, std::size_t index) {
        const auto* message = value.if_object();
        const Place place{index, {}};
        if (!message) return bad_request(place.text(), "must be an object");
        const auto role = text(*message, "role", message->contains("role") ? "" : "assistant");
        if (role == "tool" || role == "function") return results_.add(*message, index);
        end_results();
        if (role == "system" || role == "developer") {
            return append_content(find(*message, "content"), index, context_, system_);
        }
        if (role == "user") {
            return append_content(find(*message, "content"), index, context_, turn("user"));
        }
        if (role != "assistant") {
            return bad_request(place.text(".role"),
                               "must be system, developer, user, assistant, tool or function");
        }
        auto parts = assistant_parts(*message, index, context_, names_, results_);
        if (!parts) return parts.error();
        auto& model = turn("model");
        for (auto& part : *parts) model.push_back(std::move(part));
        return {};
    }

    Contents finish() {
        end_results();
        Contents done;
        done.system = std::move(system_);
        if (!context_.traits.system && !done.system.empty()) {
            if (turns_.empty() || turns_[0].role != "user") {
                turns_.insert(turns_.begin(), Turn{"user", {}});
            }
            auto& first = turns_[0].parts;
            first.insert(first.begin(), done.system.begin(), done.system.end());
            done.system.clear();
        }
        bool user = false;
        for (auto& [role, parts] : turns_) {
            if (parts.empty()) continue;
            user |= role == "user";
            if (role == "user" && lacks_words(parts)) parts.emplace_back(text_part(kBlank));
            done.turns.emplace_back(json::object{{"role", role}, {"parts", std::move(parts)}});
        }
        if (!user) {
            done.turns.emplace_back(
                json::object{{"role", "user"}, {"parts", json::array{text_part(kNoWords)}}});
        }
        return done;
    }

  private:
    struct Turn {
        std::string_view role;
        json::array parts;
    };

    json::array& turn(std::string_view role) {
        const bool goes_on = !turns_.empty() && turns_.back().role == role && !after_results_;
        after_results_ = false;
        if (!goes_on) turns_.push_back({role, {}});
        return turns_.back().parts;
    }

    void end_results() {
        auto parts = results_.take();
        if (parts.empty()) return;
        const bool results = parts.front().as_object().contains("function_response");
        auto& user = turn("user");
        for (auto& part : parts) user.push_back(std::move(part));
        after_results_ = results;
    }

    PartContext& context_;
    FunctionNames& names_;
    ToolResults results_;
    json::array system_;
    std::vector<Turn> turns_;
    bool after_results_ = false;  ///< the last turn holds results, which stand alone
};

}  // namespace

Result<Contents> translate_messages(const json::value* messages, PartContext& context,
                                    FunctionNames& names) {
    const auto* list = messages ? messages->if_array() : nullptr;
    if (!list || list->empty())
        return bad_request("messages", "must be an array that is not empty");
    Translator translator(context, names);
    for (std::size_t i = 0; i < list->size(); ++i) {
        if (auto added = translator.add((*list)[i], i); !added) return added.error();
    }
    return translator.finish();
}

}  // namespace patchbay::google
