#include "request.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "allowed_tools.hpp"
#include "call_ids.hpp"
#include "json/access.hpp"
#include "message_turns.hpp"
#include "messages.hpp"
#include "param_rules.hpp"
#include "patchbay/sdk/upstream.hpp"
#include "responses_models.hpp"
#include "schema_tool.hpp"
#include "thinking_plan.hpp"
#include "values.hpp"

namespace patchbay::openai {

namespace {

using Kind = ValueAction::Kind;

/// One pass over the members, with what it found out so far.
class Writer {
  public:
    Writer(const bay_ev_request& request, const Dialect& dialect, bay::Splice& body)
        : request_(request),
          dialect_(dialect),
          body_(body),
          sent_model_(upstream_model(request, dialect)),
          rules_model_(request, dialect),
          model_(rules_model_.name()),
          model_rule_(find_model_rule(dialect, model_)),
          rules_(request, dialect, model_, supported_params(dialect, model_)),
          thinking_(plan_thinking(thinking_rule(), rules_, model_rule_)),
          schema_tool_(tool_for_schema()),
          streamed_((request.flags & BAY_REQ_STREAM) != 0) {}

    std::optional<Refusal> write() {
        for (std::size_t i = 0; i < body_.size(); ++i) member(i);
        if (auto refusal = rules_.refusal()) return refusal;
        add_missing();
        return std::nullopt;
    }
    const bay::Dropped& dropped() const { return rules_.dropped(); }
    bool has_schema_tool() const { return !schema_tool_.empty(); }

  private:
    std::string_view value_of(Param param) const { return rules_.value_of(param); }
    bool given(Param param) const { return rules_.given(param); }
    bool has_member(std::string_view name) const { return body_.find(name) != bay::Splice::npos; }

    void member(std::size_t i) {
        const std::string_view name = bay::sv(body_[i].name);
        if (name == "model") {
            model_written_ = true;
            return body_.replace(i, model_json());
        }
        if (name == "messages") return messages(i);
        if (name == "extra_body") return extra_body(i);
        if (bay::list_has(bay::sv(request_.allowed_params), name)) return;
        const Param param = find_param(name);
        if (const std::string_view renamed = new_name(param, name); !renamed.empty()) {
            return rename(i, param, renamed);
        }
        if (param == Param::unknown) return;
        if (!rules_.takes(param)) return unsupported(i, param);
        apply(i, param, value_action(bay::sv(body_[i].value), param));
    }

    ThinkingRule thinking_rule() const {
        const bool own = model_rule_ != nullptr && model_rule_->thinking;
        return own ? *model_rule_->thinking : dialect_.thinking;
    }
    FormatRule format_rule() const {
        const bool own = model_rule_ != nullptr && model_rule_->response_format;
        return own ? *model_rule_->response_format : dialect_.response_format;
    }

    /// Where a schema is asked for by a tool: that tool.
    std::string tool_for_schema() const {
        constexpr std::string_view kName = "response_format";
        const bool asked = is_by_tool(format_rule()) && rules_.takes(Param::response_format) &&
                           !bay::list_has(bay::sv(request_.allowed_params), kName);
        return asked ? schema_tool(value_of(Param::response_format)) : std::string();
    }
    bool has_own_tools() const {
        const std::string_view tools = value_of(Param::tools);
        return tools.find('{') != std::string_view::npos;
    }

    std::string model_json() const {
        if (model_rule_ != nullptr && !model_rule_->model.empty()) {
            return bay::json_quote(filled(model_rule_->model, dialect_, model_rule_, model_, {}));
        }
        return bay::json_quote(std::string(model_prefix()).append(sent_model_));
    }

    std::string_view model_prefix() const {
        const std::string& prefix = dialect_.model_prefix;
        if (prefix.empty() || sent_model_.starts_with(prefix.substr(0, prefix.find('/') + 1)))
            return {};
        // The name of a deployment of one's own, "model#accounts/me/deployments/x", is whole.
        return sent_model_.find('#') == std::string_view::npos ? std::string_view(prefix)
                                                               : std::string_view();
    }

    /// Of the two names for the same the newer one wins; else the one that was not renamed.
    void rename(std::size_t i, Param param, std::string_view renamed) {
        const bool newer = param == Param::max_completion_tokens && given(param);
        if (has_member(renamed) && !newer) return body_.drop(i);
        body_.drop(renamed);
        body_.rename(i, renamed);
    }

    /// What an SDK would put into the body: the provider's own parameters.
    void extra_body(std::size_t i) {
        body_.drop(i);
        for (const auto& [name, json] : members_of(bay::sv(body_[i].value))) {
            if (name != "model" && name != "messages" && name != "stream") body_.set(name, json);
        }
    }

    std::string_view new_name(Param param, std::string_view name) const {
        if (rules_.family() != Family::chat && param == Param::max_tokens)
            return "max_completion_tokens";
        for (const Rename& rename : dialect_.renames) {
            if (rename.from == name) return rename.to;
        }
        return {};
    }

    void unsupported(std::size_t i, Param param) {
        rules_.leave_out(param, bay::sv(body_[i].value));
        body_.drop(i);
    }

    ValueAction value_action(std::string_view value, Param param) {
        if (!dialect_.openai_families && (param == Param::tools || param == Param::tool_choice)) {
            if (const auto allowed = allowed_tools(value_of(Param::tool_choice))) {
                return allowed_action(*allowed, value, param);
            }
        }
        return own_action(value, param);
    }

    ValueAction allowed_action(const AllowedTools& allowed, std::string_view value, Param param) {
        std::string said = param == Param::tools ? only_allowed(allowed, value) : allowed.mode;
        ValueAction action = own_action(said, param);
        if (action.kind != Kind::keep) return action;
        return {Kind::replace, std::move(said)};
    }

    ValueAction own_action(std::string_view value, Param param) {
        if (has_schema_tool() && param == Param::tools) return tools_and_schema(value);
        if (has_schema_tool() && param == Param::tool_choice) {
            return {Kind::replace, schema_tool_choice(value, has_own_tools())};
        }
        if (value == "null" && param != Param::stream_options) return {};
        switch (param) {
            case Param::temperature: {
                const auto n = number(value_of(Param::n));
                return apply_temperature(dialect_, value, n && *n > 1);
            }
            case Param::tool_choice:
                return apply_tool_choice(dialect_.tool_choice, value);
            case Param::response_format:
                return apply_response_format(format_rule(), value);
            case Param::tools:
            case Param::functions:
                return apply_tools(dialect_, value);
            case Param::thinking:
                return thinking_.thinking;
            case Param::reasoning_effort:
                return thinking_.effort;
            case Param::stop:
                return dialect_.openai_families ? apply_stop(value) : ValueAction{};
            case Param::stream_options:
                return stream_options(value);
            default:
                return {};
        }
    }

    /// The client's tools, or none, and the one for the schema.
    ValueAction tools_and_schema(std::string_view value) const {
        std::string all = with_tool(value == "null" ? std::string_view("[]") : value, schema_tool_);
        ValueAction changed = apply_tools(dialect_, all);
        return changed.kind == Kind::replace ? changed : ValueAction{Kind::replace, std::move(all)};
    }

    ValueAction stream_options(std::string_view value) {
        if (!dialect_.stream_options) return {Kind::drop, {}};
        if (!streamed_ || (request_.flags & BAY_REQ_WANT_USAGE) == 0) return {};
        return with_include_usage(value);
    }

    void apply(std::size_t i, Param param, const ValueAction& action) {
        switch (action.kind) {
            case Kind::keep:
                return;
            case Kind::drop:
                return body_.drop(i);
            case Kind::replace:
                return body_.replace(i, action.json);
            case Kind::unsupported:
                return unsupported(i, param);
        }
    }

    void messages(std::size_t i) {
        Additions additions;
        additions.thinks = thinking_.thinks;
        additions.openais = has_openais_ids(dialect_, bay::sv(request_.target->model));
        additions.o_series = rules_.family() == Family::o_series;
        additions.ask_for_tool = dialect_.tool_choice.required == ChoiceAction::as_message &&
                                 value_of(Param::tool_choice) == "\"required\"";
        std::string schema;
        if (format_rule() == FormatRule::schema_in_message) {
            schema = schema_of_format(value_of(Param::response_format));
            additions.schema = schema;
        }
        const std::string_view given = bay::sv(body_[i].value);
        const auto turns = fit_turns(bay::sv(request_.target->params), given);
        const auto changed = rewrite_messages(dialect_.messages,
                                              turns ? std::string_view(*turns) : given, additions);
        if (changed || turns) body_.replace(i, changed ? *changed : *turns);
    }

    void add_missing() {
        if (!model_written_) body_.add("model", model_json());
        if (streamed_ && value_of(Param::stream).empty()) body_.add("stream", "true");
        const auto add = [&](std::string_view name, std::string_view json) {
            if (!is_dropped(bay::sv(request_.target->params), name)) body_.add(name, json);
        };
        const bool whole = dialect_.whole_formats && given(Param::response_format);
        if (whole && streamed_) {
            body_.drop("stream");
            body_.drop("stream_options");
        }
        const bool wants_usage = streamed_ && !whole && (request_.flags & BAY_REQ_WANT_USAGE) != 0;
        if (wants_usage && dialect_.stream_options && !has_member("stream_options")) {
            add("stream_options", R"({"include_usage":true})");
        }
        if (has_schema_tool()) {
            if (!has_member("tools")) body_.add("tools", tools_and_schema("[]").json);
            const bool chosen = has_member("tool_choice");
            if (!chosen) body_.add("tool_choice", schema_tool_choice({}, has_own_tools()));
        }
        if (!thinking_.added_effort.empty()) add("reasoning_effort", thinking_.added_effort);
        if (!thinking_.added_thinking.empty()) add("thinking", thinking_.added_thinking);
        const bool bounded = given(Param::max_tokens) || given(Param::max_completion_tokens);
        if (thinking_.max_tokens != 0 && !bounded) {
            add("max_tokens", std::to_string(thinking_.max_tokens));
        }
        for (const Default& extra : dialect_.defaults) {
            if (!has_member(extra.name)) add(extra.name, extra.json);
        }
    }

    const bay_ev_request& request_;
    const Dialect& dialect_;
    bay::Splice& body_;
    std::string_view sent_model_;
    RulesModel rules_model_;
    std::string_view model_;  ///< whose rules hold
    const ModelRule* model_rule_;
    ParamRules rules_;
    ThinkingPlan thinking_;
    std::string schema_tool_;  ///< empty: none
    bool streamed_;
    bool model_written_ = false;
};

}  // namespace

std::optional<Refusal> write_body(const bay_ev_request& request, const Dialect& dialect,
                                  bay::Splice& body, bay::Dropped* dropped, bool* schema_tool) {
    Writer writer(request, dialect, body);
    auto refusal = writer.write();
    if (dropped != nullptr) *dropped = writer.dropped();
    if (schema_tool != nullptr) *schema_tool = writer.has_schema_tool();
    return refusal;
}

bool is_dropped(std::string_view params, std::string_view name) {
    if (!shared::mentions(params, "\"additional_drop_params\"")) return false;
    const auto value = shared::parse_json(params);
    const auto* object = value ? value->if_object() : nullptr;
    const auto* list = object ? object->if_contains("additional_drop_params") : nullptr;
    if (list == nullptr || !list->is_array()) return false;
    return std::any_of(list->get_array().begin(), list->get_array().end(), [&](const auto& item) {
        return item.is_string() && item.get_string() == name;
    });
}

std::string unsupported_message(std::string_view provider, std::string_view names,
                                std::string_view model) {
    std::string text(provider);
    text.append(" does not support parameters: [").append(names).append("], for model=");
    text.append(model);
    text.append(
        ". To drop these, set `litellm.drop_params=True` or for proxy:"
        " `litellm_settings: drop_params: true`. To send them all the same, name them in"
        " `allowed_openai_params` of the request.");
    return text;
}

}  // namespace patchbay::openai
