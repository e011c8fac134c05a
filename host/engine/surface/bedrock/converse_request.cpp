#include "engine/surface/bedrock/converse_request.hpp"

#include <array>
#include <patchbay/json_tree.hpp>
#include <utility>

#include "engine/surface/bedrock/converse_fields.hpp"
#include "engine/surface/bedrock/converse_settings.hpp"
#include "engine/surface/bedrock/converse_tools.hpp"
#include "engine/surface/bedrock/converse_turns.hpp"
#include "engine/surface/hub/members.hpp"
#include "engine/surface/hub/reading.hpp"

namespace patchbay::surface {

namespace {

// Where the client asks for the stop sequence that matched.
constexpr std::string_view kStopSequencePath = "/stop_sequence";

struct Target {
    Reading& reading;
    json::object& chat;
    ConverseAnswering& answering;
};

template <Result<void> (*Write)(const json::value&, const Place&, Reading&, json::object&)>
Result<void> plain(const json::value& value, const Place& place, Target& to) {
    return Write(value, place, to.reading, to.chat);
}

Result<void> noted(const json::value&, const Place& place, Target& to) {
    to.reading.note(place);
    return {};
}

// Protections and prompts that AWS keeps must not vanish.
Result<void> only_aws(const json::value&, const Place& place, Target&) {
    const auto path = place.path();
    Error error = bad_request(
        path + ": only AWS's own service has this, and not the model behind this name.", path);
    error.cls = ErrorClass::unsupported;
    return error;
}

// Of what models answer beside Bedrock's own members.
Result<void> response_fields(const json::value& value, const Place& place, Target& to) {
    const auto* paths = value.if_array();
    if (!paths) return bad_shape(place, "must be an array of strings");
    for (std::size_t i = 0; i < paths->size(); ++i) {
        const auto* path = (*paths)[i].if_string();
        if (!path) return bad_shape(Place(i, &place), "must be a string");
        if (view(*path) == kStopSequencePath) {
            to.answering.stop_sequence = true;
        } else {
            to.reading.note(place);
        }
    }
    return {};
}

using Member = MemberRow<Target>;

// AWS's reference of the API, "Converse".
constexpr std::array kMembers{
    Member{"additionalModelRequestFields", plain<write_additional_fields>},
    Member{"additionalModelResponseFieldPaths", response_fields},
    Member{"guardrailConfig", only_aws},
    Member{"inferenceConfig", plain<write_inference_config>},
    Member{"messages", elsewhere},
    Member{"model", elsewhere},
    Member{"modelId", elsewhere},
    Member{"outputConfig", plain<write_output_config>},
    Member{"performanceConfig", plain<write_performance>},
    Member{"projectIdentifier", noted},
    Member{"promptVariables", only_aws},
    Member{"requestMetadata", noted},
    Member{"serviceTier", plain<write_service_tier>},
    Member{"stream", elsewhere},
    Member{"system", elsewhere},
    Member{"toolConfig", plain<write_tool_config>},
};

Result<void> write_messages(const json::object& request, Reading& reading, json::object& chat) {
    json::array messages;
    if (const auto* system = find(request, "system")) {
        auto written = append_converse_system(*system, reading, messages);
        if (!written) return written;
    }
    const auto* turns = find_array(request, "messages");
    if (!turns) return bad_shape(Place("messages"), "must be an array");
    auto written = append_converse_turns(*turns, reading, messages);
    chat["messages"] = std::move(messages);
    return written;
}

}  // namespace

Result<ConverseRequest> chat_of_converse(std::string_view body, const ConverseCall& call,
                                         bool drop_params) {
    unsigned char first_memory[8192];
    json::monotonic_resource memory(first_memory, sizeof first_memory);
    const auto tree = json_tree::read(body, &memory);
    const auto* request = tree ? as_object(&tree.value) : nullptr;
    if (!request) return bad_request("the body must be a JSON object");
    Reading reading(drop_params || is_true(*request, "drop_params"));
    json::object chat{{"model", call.model}, {"messages", json::array()}};
    ConverseAnswering answering;
    Target to{reading, chat, answering};
    if (auto said = write_messages(*request, reading, chat); !said) return said.error();
    if (auto written = write_members(*request, nullptr, kMembers, passed_on(chat), to); !written)
        return written.error();
    if (call.stream) {
        chat["stream"] = true;
        chat["stream_options"] = json::object{{"include_usage", true}};
    }
    if (const auto* fault = reading.fault()) return *fault;
    answering.names = std::move(reading.names);
    return ConverseRequest{json_tree::write(chat), std::move(reading.dropped),
                           std::move(answering)};
}

}  // namespace patchbay::surface
