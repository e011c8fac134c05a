#include "param_rules.hpp"

#include "patchbay/sdk/upstream.hpp"
#include "values.hpp"

namespace patchbay::openai {

namespace {

struct DefaultValue {
    Param param;
    std::string_view json;
};

// What OpenAI does if nothing is said: to leave it out changes nothing.
constexpr DefaultValue kDefaults[] = {
    {Param::frequency_penalty, "0"},
    {Param::logit_bias, "{}"},
    {Param::logprobs, "false"},
    {Param::modalities, R"(["text"])"},
    {Param::n, "1"},
    {Param::parallel_tool_calls, "true"},
    {Param::presence_penalty, "0"},
    {Param::service_tier, R"("auto")"},
    {Param::stop, "[]"},
    {Param::stop, R"("")"},
    {Param::store, "false"},
    {Param::top_p, "1"},
};

bool is_default(Param param, std::string_view value) {
    for (const DefaultValue& row : kDefaults) {
        const auto meant = number(row.json);
        const bool same = value == row.json || (meant && number(value) == meant);
        if (row.param == param && same) return true;
    }
    return false;
}

}  // namespace

ParamRules::ParamRules(const bay_ev_request& request, const Dialect& dialect,
                       std::string_view model, ParamSet supported, Defaults defaults)
    : request_(request),
      dialect_(dialect),
      model_(model),
      supported_(supported),
      ignored_(tolerated_params()),
      family_(dialect.openai_families ? family_of(model) : Family::chat),
      defaults_(request.hint_params.len != 0 ? Defaults::all : defaults) {
    ignored_.add(dialect.ignored);
    if (const ModelRule* rule = find_model_rule(dialect, model)) ignored_.add(rule->ignored);
    for (std::uint64_t i = 0; i < request.member_count; ++i) {
        const bay_member& member = request.members[i];
        const Param param = find_param(bay::sv(member.name));
        if (param != Param::unknown) values_[static_cast<std::size_t>(param)] = member.value;
    }
}

bool ParamRules::given(Param param) const {
    const std::string_view value = value_of(param);
    return !value.empty() && value != "null";
}

bool ParamRules::takes(Param param) const {
    if (!supported_.has(param)) {
        const bool hint = bay::list_has(bay::sv(request_.hint_params), param_name(param));
        return foreign_params().has(param) && !hint;
    }
    if (family_ == Family::chat) return true;
    if (param == Param::reasoning_effort) return !lacks_effort(model_, value_of(param));
    if (!sampling_params().has(param)) return true;
    if (family_ == Family::gpt5_1 &&
        (!given(Param::reasoning_effort) || value_of(Param::reasoning_effort) == "\"none\"")) {
        return true;
    }
    return param == Param::temperature && number(value_of(param)) == 1.0;
}

bool ParamRules::says_nothing(Param param, std::string_view value) const {
    if (value == "null" || is_said_otherwise(param)) return true;
    return (defaults_ == Defaults::all || param == Param::n) && is_default(param, value);
}

// How much to think can be said in two ways, and a client may say both, for providers that take one
// of them.
bool ParamRules::is_said_otherwise(Param param) const {
    const auto taken = [&](Param other) { return given(other) && supported_.has(other); };
    if (param == Param::reasoning_effort) return taken(Param::thinking);
    return param == Param::thinking && taken(Param::reasoning_effort);
}

void ParamRules::leave_out(Param param, std::string_view value) {
    if (says_nothing(param, value)) return;
    const std::string_view name = param_name(param);
    const bool options = param == Param::stream || param == Param::stream_options;
    if (!options) dropped_.add(name);
    if (ignored_.has(param)) return;
    if (bay::list_has(bay::sv(request_.hint_params), name)) return;
    // The value is named where another one would do.
    const bool value_alone = param == Param::temperature || param == Param::reasoning_effort;
    if (!supported_.has(param) || !value_alone) return names_.add(name, name);
    std::string_view text = value_of(param);
    if (text.starts_with('"')) text = text.substr(1, text.size() - 2);
    values_refused_.add(name, std::string(name).append("=").append(text));
}

void ParamRules::Refused::add(std::string_view name, std::string_view said) {
    if (first.empty()) first = name;
    if (!all.empty()) all += ", ";
    all.append("'").append(said).append("'");
}

std::optional<Refusal> ParamRules::refusal() const {
    const Refused& refused = names_.all.empty() ? values_refused_ : names_;
    if (refused.all.empty() || (request_.flags & BAY_REQ_DROP_PARAMS) != 0) return std::nullopt;
    return Refusal{BAY_ERR_UNSUPPORTED, unsupported_message(dialect_.provider, refused.all, model_),
                   std::string(refused.first)};
}

}  // namespace patchbay::openai
