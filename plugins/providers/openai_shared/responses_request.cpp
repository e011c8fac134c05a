#include "responses_request.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "param_rules.hpp"
#include "patchbay/sdk/upstream.hpp"
#include "responses_input.hpp"
#include "responses_models.hpp"
#include "responses_tools.hpp"
#include "values.hpp"

namespace patchbay::openai {

namespace {

constexpr int kLeastOutputTokens = 16;
constexpr std::string_view kEncrypted = "reasoning.encrypted_content";
constexpr std::string_view kLogprobs = "message.output_text.logprobs";

/// Parameters of chat that the Responses API has no word for. A prediction only saves time.
constexpr ParamSet unsayable_params() {
    return {Param::audio,   Param::frequency_penalty, Param::logit_bias, Param::modalities,
            Param::n,       Param::presence_penalty,  Param::seed,       Param::stop,
            Param::thinking};
}

/// What the model takes in chat, but for those; how to think and how much to say has a word for
/// every model here.
ParamSet sayable_params(const Dialect& dialect, std::string_view model) {
    ParamSet set = supported_params(dialect, model);
    set.add({Param::reasoning_effort, Param::verbosity});
    set.remove(unsayable_params());
    return set;
}

/// "Get input token counts": of chat's parameters, and of the Responses API's own members.
constexpr bool is_counted(Param param) {
    constexpr ParamSet kCounted{
        Param::tools,           Param::functions,           Param::tool_choice,
        Param::function_call,   Param::parallel_tool_calls, Param::web_search_options,
        Param::response_format, Param::verbosity,           Param::reasoning_effort};
    return kCounted.has(param);
}
constexpr std::array<std::string_view, 3> kCountedMembers{"instructions", "reasoning",
                                                          "truncation"};

/// Goes through the members of a chat request once.
class ResponsesWriter {
  public:
    ResponsesWriter(const bay_ev_request& request, const Dialect& dialect, std::string_view model,
                    ResponsesFor purpose)
        : request_(request),
          model_(model),
          counts_(purpose == ResponsesFor::count),
          rules_model_(request, dialect),
          rules_(request, dialect, rules_model_.name(),
                 sayable_params(dialect, rules_model_.name()), ParamRules::Defaults::all),
          body_(call_.body) {}

    Result<ResponsesCall> write();

  private:
    Result<void> member(std::string_view name, std::string_view value);
    Result<void> write_messages();
    Result<void> write_text();
    Result<void> write_include();
    void write_state();

    // How a parameter of chat is said. All take its raw JSON text.
    template <Param param>
    Result<void> limit(std::string_view value);
    Result<void> effort(std::string_view value);
    Result<void> logprobs(std::string_view value);
    Result<void> stream_options(std::string_view value);
    Result<void> nothing(std::string_view) { return {}; }
    template <Param param>
    Result<void> same(std::string_view value) {
        body_.json(param_name(param), value);
        return {};
    }

    struct Row {
        Param param;
        Result<void> (ResponsesWriter::*write)(std::string_view value);
    };
    static const std::array<Row, 24> kRows;

    /// The client's own member in the words of the Responses API; "" if it sent none.
    std::string_view own(std::string_view name) const {
        std::string_view value;
        for (std::uint64_t i = 0; i < request_.member_count; ++i) {
            const bay_member& member = request_.members[i];
            if (bay::sv(member.name) == name) value = bay::sv(member.value);
        }
        return value == "null" ? std::string_view() : value;
    }
    bool takes(Param param) const {
        return bay::list_has(bay::sv(request_.allowed_params), param_name(param)) ||
               rules_.takes(param);
    }
    /// "" if the client sent none, or none that counts.
    std::string_view taken(Param param) const {
        return rules_.given(param) && takes(param) ? rules_.value_of(param) : std::string_view();
    }
    bool may_add(std::string_view name) const {
        return !is_dropped(bay::sv(request_.target->params), name);
    }

    const bay_ev_request& request_;
    std::string_view model_;
    bool counts_;
    RulesModel rules_model_;
    ParamRules rules_;
    ResponsesCall call_;
    ObjectText body_;
    bool wants_logprobs_ = false;
};

// Read with others, behind them: the tools, and what makes up `text`.
const std::array<ResponsesWriter::Row, 24> ResponsesWriter::kRows{{
    {Param::max_completion_tokens, &ResponsesWriter::limit<Param::max_completion_tokens>},
    {Param::max_tokens, &ResponsesWriter::limit<Param::max_tokens>},
    {Param::reasoning_effort, &ResponsesWriter::effort},
    {Param::logprobs, &ResponsesWriter::logprobs},
    {Param::top_logprobs, &ResponsesWriter::same<Param::top_logprobs>},
    {Param::stream_options, &ResponsesWriter::stream_options},
    {Param::temperature, &ResponsesWriter::same<Param::temperature>},
    {Param::top_p, &ResponsesWriter::same<Param::top_p>},
    {Param::parallel_tool_calls, &ResponsesWriter::same<Param::parallel_tool_calls>},
    {Param::prompt_cache_key, &ResponsesWriter::same<Param::prompt_cache_key>},
    {Param::prompt_cache_retention, &ResponsesWriter::same<Param::prompt_cache_retention>},
    {Param::safety_identifier, &ResponsesWriter::same<Param::safety_identifier>},
    {Param::service_tier, &ResponsesWriter::same<Param::service_tier>},
    {Param::user, &ResponsesWriter::same<Param::user>},
    {Param::tools, &ResponsesWriter::nothing},
    {Param::functions, &ResponsesWriter::nothing},
    {Param::tool_choice, &ResponsesWriter::nothing},
    {Param::function_call, &ResponsesWriter::nothing},
    {Param::web_search_options, &ResponsesWriter::nothing},
    {Param::response_format, &ResponsesWriter::nothing},
    {Param::verbosity, &ResponsesWriter::nothing},
    {Param::store, &ResponsesWriter::nothing},
    {Param::stream, &ResponsesWriter::nothing},
    {Param::prediction, &ResponsesWriter::nothing},
}};

Result<ResponsesCall> ResponsesWriter::write() {
    call_.body.reserve(static_cast<std::size_t>(request_.json.len) + 512);
    body_.words("model", model_);
    if (auto written = write_messages(); !written) return written.error();
    const std::span members(request_.members, static_cast<std::size_t>(request_.member_count));
    for (std::size_t i = 0; i < members.size(); ++i) {
        const std::string_view name = bay::sv(members[i].name);
        const auto rest = members.subspan(i + 1);
        const bool again = std::any_of(rest.begin(), rest.end(), [&](const bay_member& other) {
            return bay::sv(other.name) == name;
        });
        if (again) continue;  // the last one counts
        if (auto written = member(name, bay::sv(members[i].value)); !written) {
            return written.error();
        }
    }
    if (auto refusal = rules_.refusal()) return *std::move(refusal);
    const ChatTools tools{.tools = taken(Param::tools),
                          .functions = taken(Param::functions),
                          .choice = taken(Param::tool_choice),
                          .function_call = taken(Param::function_call),
                          .search = taken(Param::web_search_options)};
    call_.functions = rules_.given(Param::functions) && !rules_.given(Param::tools);
    if (auto written = write_tools(tools, body_); !written) return written.error();
    if (auto written = write_text(); !written) return written.error();
    if (!counts_) {
        if (auto written = write_include(); !written) return written.error();
        write_state();
    }
    body_.end();
    return std::move(call_);
}

Result<void> ResponsesWriter::write_messages() {
    unsigned char first_memory[16384];
    json::monotonic_resource memory(first_memory, sizeof first_memory);
    const auto messages = shared::parse_json(own("messages"), &memory);
    if (!messages) return bad_request("messages", "must be an array");
    const auto input = responses_input(*messages, own("instructions").empty());
    if (!input) return input.error();
    if (!input->instructions.empty()) body_.words("instructions", input->instructions);
    body_.json("input", input->items);
    return {};
}

Result<void> ResponsesWriter::member(std::string_view name, std::string_view value) {
    static constexpr std::array<std::string_view, 5> kWrittenElsewhere{"model", "messages", "input",
                                                                       "text", "include"};
    if (value == "null" || std::find(kWrittenElsewhere.begin(), kWrittenElsewhere.end(), name) !=
                               kWrittenElsewhere.end()) {
        return {};
    }
    const Param param = find_param(name);
    if (counts_ && param == Param::unknown &&
        std::find(kCountedMembers.begin(), kCountedMembers.end(), name) == kCountedMembers.end()) {
        return {};
    }
    if (counts_ && param != Param::unknown && !is_counted(param)) return {};
    if (name == "background" && value == "true") {
        return not_sayable("background", "way to hand on an answer that is not there yet");
    }
    if (param == Param::unknown) {
        body_.json(name, value);
        return {};
    }
    if (!takes(param)) {
        rules_.leave_out(param, value);
        return {};
    }
    const auto row = std::find_if(kRows.begin(), kRows.end(),
                                  [&](const Row& one) { return one.param == param; });
    if (row != kRows.end()) return (this->*row->write)(value);
    body_.json(name, value);
    return {};
}

/// Of the two names the newer one counts.
template <Param param>
Result<void> ResponsesWriter::limit(std::string_view value) {
    if (param == Param::max_tokens && rules_.given(Param::max_completion_tokens)) return {};
    const auto tokens = number(value);
    const bool small = tokens && *tokens > 0 && *tokens < kLeastOutputTokens;
    body_.json("max_output_tokens",
               small ? std::to_string(kLeastOutputTokens) : std::string(value));
    return {};
}

Result<void> ResponsesWriter::effort(std::string_view value) {
    if (!own("reasoning").empty()) return {};
    if (value.starts_with('{')) {
        body_.json("reasoning", value);
        return {};
    }
    ObjectText reasoning(body_.member("reasoning"));
    reasoning.json("effort", value);
    reasoning.end();
    return {};
}

Result<void> ResponsesWriter::logprobs(std::string_view value) {
    wants_logprobs_ = value == "true";
    return {};
}

/// A stream always tells its usage here; what is left is the padding of its events.
Result<void> ResponsesWriter::stream_options(std::string_view value) {
    const auto tree = shared::parse_json(value);
    const auto* padding = find(tree ? tree->if_object() : nullptr, "include_obfuscation");
    if (!padding) return {};
    ObjectText options(body_.member("stream_options"));
    options.value("include_obfuscation", *padding);
    options.end();
    return {};
}

Result<void> ResponsesWriter::write_text() {
    if (const std::string_view given = own("text"); !given.empty()) {
        body_.json("text", given);
        return {};
    }
    json::object text;
    if (const auto given = taken(Param::response_format); !given.empty()) {
        auto format = shared::parse_json(given);
        auto* object = format ? format->if_object() : nullptr;
        if (!object) return bad_request("response_format", "must be an object");
        json::object flat{{"type", shared::text(*object, "type")}};
        const auto* schema = find_object(*object, "json_schema");
        if (schema) {
            for (const auto& member : *schema) flat[member.key()] = member.value();
        }
        if (flat["type"] != json::value("text")) text["format"] = std::move(flat);
    }
    if (auto verbosity = shared::parse_json(taken(Param::verbosity))) {
        text["verbosity"] = std::move(*verbosity);
    }
    if (!text.empty()) body_.value("text", text);
    return {};
}

Result<void> ResponsesWriter::write_include() {
    json::array include;
    if (const std::string_view given = own("include"); !given.empty()) {
        const auto list = shared::parse_json(given);
        if (!list || !list->is_array()) return bad_request("include", "must be an array");
        include = list->get_array();
    }
    const auto add = [&](std::string_view what) {
        const bool there = std::any_of(include.begin(), include.end(), [&](const json::value& one) {
            return one == json::value(what);
        });
        if (!there) include.emplace_back(what);
    };
    // Other models refuse to be asked for it.
    const bool reasons = rules_.family() != Family::chat || rules_.given(Param::reasoning_effort) ||
                         !own("reasoning").empty();
    if (reasons && may_add("include")) add(kEncrypted);
    if (wants_logprobs_) add(kLogprobs);
    if (!include.empty()) body_.value("include", include);
    return {};
}

void ResponsesWriter::write_state() {
    if (const auto store = taken(Param::store); !store.empty()) {
        body_.json("store", store);
    } else if (may_add("store")) {
        body_.json("store", "false");
    }
    if ((request_.flags & BAY_REQ_STREAM) != 0) body_.json("stream", "true");
}

}  // namespace

Result<ResponsesCall> responses_request(const bay_ev_request& request, const Dialect& dialect,
                                        std::string_view model, ResponsesFor purpose) {
    return ResponsesWriter(request, dialect, model, purpose).write();
}

}  // namespace patchbay::openai
