#include "engine/surface/gemini/generate_request.hpp"

#include <algorithm>
#include <array>
#include <patchbay/json_tree.hpp>
#include <utility>

#include "engine/surface/gemini/fields.hpp"
#include "engine/surface/gemini/generate_config.hpp"
#include "engine/surface/gemini/generate_contents.hpp"
#include "engine/surface/gemini/generate_tools.hpp"
#include "engine/surface/hub/members.hpp"
#include "engine/surface/hub/reading.hpp"

namespace patchbay::surface {

namespace {

// Google filters nothing by these categories unless it is told to, and other providers never do.
bool filters_nothing(const json::value& setting) {
    static constexpr std::array<std::string_view, 3> kNone{"BLOCK_NONE", "OFF",
                                                           "HARM_BLOCK_THRESHOLD_UNSPECIFIED"};
    const auto* object = as_object(&setting);
    const auto threshold = object ? text_field(*object, "threshold") : std::string_view();
    return std::find(kNone.begin(), kNone.end(), threshold) != kNone.end();
}

Result<void> safety_settings(const json::value& value, const Place& place, Reading& reading,
                             json::object&) {
    const auto* settings = value.if_array();
    if (!settings) return bad_shape(place, "must be an array");
    if (!std::all_of(settings->begin(), settings->end(), filters_nothing)) reading.refuse(place);
    return {};
}

// What Google keeps of a question, and protections that it runs, must not vanish.
Result<void> only_googles(const json::value& value, const Place& place, Reading&, json::object&) {
    const auto* name = value.if_string();
    if (name && name->empty()) return {};
    const auto path = place.path();
    Error error = bad_request(
        path + ": only Google's own service has this, and not the model behind this name.", path);
    error.cls = ErrorClass::unsupported;
    return error;
}

Result<void> service_tier(const json::value& value, const Place& place, Reading&,
                          json::object& chat) {
    struct Tier {
        std::string_view gemini;
        std::string_view chat;
    };
    static constexpr std::array kTiers{Tier{"standard", "default"}, Tier{"flex", "flex"},
                                       Tier{"priority", "priority"}, Tier{"unspecified", "auto"}};
    const auto* given = value.if_string();
    if (!given) return bad_shape(place, "must be a string");
    const auto* known = std::find_if(kTiers.begin(), kTiers.end(),
                                     [&](const Tier& row) { return row.gemini == view(*given); });
    chat["service_tier"] = known == kTiers.end() ? view(*given) : known->chat;
    return {};
}

// False is what the gateway does anyway: nothing is kept.
Result<void> store(const json::value& value, const Place& place, Reading& reading, json::object&) {
    if (value != json::value(false)) reading.refuse(place);
    return {};
}

using Member = MemberRow<Reading, json::object>;

// Google's reference of the Gemini API, "models.generateContent", and Vertex AI's.
constexpr std::array kMembers{
    Member{"cachedContent", only_googles},
    Member{"contents", elsewhere},
    Member{"generationConfig", elsewhere},
    Member{"labels", noted},
    Member{"model", elsewhere},
    Member{"modelArmorConfig", only_googles},
    Member{"safetySettings", safety_settings},
    Member{"serviceTier", service_tier},
    Member{"store", store},
    Member{"stream", elsewhere},
    Member{"systemInstruction", elsewhere},
    Member{"toolConfig", elsewhere},
    Member{"tools", elsewhere},
};

Result<void> write_messages(const json::object& request, std::string_view detail, Reading& reading,
                            json::object& chat) {
    json::array messages;
    if (const auto* instruction = field(request, "systemInstruction")) {
        auto written = append_instruction(*instruction, reading, messages);
        if (!written) return written;
    }
    const auto* contents = array_field(request, "contents");
    if (!contents) return bad_shape(Place("contents"), "must be an array");
    auto written = append_contents(*contents, detail, reading, messages);
    chat["messages"] = std::move(messages);
    return written;
}

}  // namespace

Result<GenerateRequest> chat_of_generate(std::string_view body, const GenerateCall& call,
                                         bool drop_params) {
    unsigned char first_memory[8192];
    json::monotonic_resource memory(first_memory, sizeof first_memory);
    const auto tree = json_tree::read(body, &memory);
    const auto* request = tree ? as_object(&tree.value) : nullptr;
    if (!request) return bad_request("the body must be a JSON object");
    Reading reading(drop_params || is_true(*request, "drop_params"));
    json::object chat{{"model", call.model}, {"messages", json::array()}};
    GenerationFacts facts;
    if (const auto* config = field(*request, "generationConfig")) {
        auto written = write_generation_config(*config, reading, chat);
        if (!written) return written.error();
        facts = *written;
    }
    if (auto said = write_messages(*request, facts.detail, reading, chat); !said) {
        return said.error();
    }
    if (auto written = write_tools_of_gemini(*request, reading, chat); !written) {
        return written.error();
    }
    auto written =
        write_members_by(camel_case, *request, nullptr, kMembers, passed_on(chat), reading, chat);
    if (!written) return written.error();
    if (call.stream) {
        chat["stream"] = true;
        chat["stream_options"] = json::object{{"include_usage", true}};
    }
    if (const auto* fault = reading.fault()) return *fault;
    return GenerateRequest{json_tree::write(chat), std::move(reading.dropped),
                           std::move(reading.names), facts.thoughts};
}

}  // namespace patchbay::surface
