#include "request.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "messages.hpp"
#include "param_rules.hpp"
#include "patchbay/sdk/upstream.hpp"
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
          model_(bay::sv(request.target->model)),
          rules_(request, dialect, model_, supported_params(dialect, model_)),
          streamed_((request.flags & BAY_REQ_STREAM) != 0) {}

    std::optional<Refusal> write() {
        for (std::size_t i = 0; i < body_.size(); ++i) member(i);
        if (auto refusal = rules_.refusal()) return refusal;
        add_missing();
        return std::nullopt;
    }

  private:
    std::string_view value_of(Param param) const { return rules_.value_of(param); }
    bool given(Param param) const { return rules_.given(param); }
    bool has_member(std::string_view name) const { return body_.find(name) != bay::Splice::npos; }

    void member(std::size_t i) {
        const std::string_view name = bay::sv(body_[i].name);
        if (name == "model") {
            model_written_ = true;
            return body_.replace(i, bay::json_quote(std::string(model_prefix()).append(model_)));
        }
        if (name == "messages") return messages(i);
        if (bay::list_has(bay::sv(request_.allowed_params), name)) return;
        const Param param = find_param(name);
        if (const std::string_view renamed = new_name(param, name); !renamed.empty()) {
            return has_member(renamed) ? body_.drop(i) : body_.rename(i, renamed);
        }
        if (param == Param::unknown) return;
        if (!rules_.takes(param)) return unsupported(i, param);
        apply(i, param, value_action(bay::sv(body_[i].value), param));
    }

    std::string_view model_prefix() const {
        const std::string& prefix = dialect_.model_prefix;
        if (prefix.empty() || model_.starts_with(prefix.substr(0, prefix.find('/') + 1))) return {};
        return prefix;
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
        if (value == "null" && param != Param::stream_options) return {};
        switch (param) {
            case Param::temperature: {
                const auto n = number(value_of(Param::n));
                return apply_temperature(dialect_, value, n && *n > 1);
            }
            case Param::tool_choice:
                return apply_tool_choice(dialect_.tool_choice, value);
            case Param::response_format:
                return apply_response_format(dialect_.response_format, value);
            case Param::tools:
            case Param::functions:
                return apply_tools(dialect_, value);
            case Param::thinking:
                return thinking(value);
            case Param::reasoning_effort:
                return effort(value);
            case Param::stream_options:
                return stream_options(value);
            default:
                return {};
        }
    }

    ValueAction thinking(std::string_view value) {
        switch (dialect_.thinking) {
            case ThinkingRule::keep:
                return {};
            case ThinkingRule::switch_only:
                return apply_thinking_switch(value);
            case ThinkingRule::effort:
                if (!given(Param::reasoning_effort)) added_effort_ = effort_of_thinking(value);
                return {Kind::drop, {}};
        }
        return {};
    }

    ValueAction effort(std::string_view value) {
        // LiteLLM takes the Responses API's form, too.
        if (value.starts_with('{')) return apply_effort_object(value);
        if (const auto* rule = find_model_rule(dialect_, model_)) {
            const ValueAction action = apply_effort_words(rule->efforts, value);
            if (action.kind != Kind::keep) return action;
        }
        if (dialect_.thinking != ThinkingRule::switch_only) return {};
        if (value != "\"none\"" && !given(Param::thinking)) added_thinking_ = true;
        return {Kind::drop, {}};
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
        const bool ask = dialect_.tool_choice.required == ChoiceAction::as_message &&
                         value_of(Param::tool_choice) == "\"required\"";
        const auto changed = rewrite_messages(dialect_.messages, bay::sv(body_[i].value), ask);
        if (changed) body_.replace(i, *changed);
    }

    void add_missing() {
        if (!model_written_)
            body_.add("model", bay::json_quote(std::string(model_prefix()).append(model_)));
        if (streamed_ && value_of(Param::stream).empty()) body_.add("stream", "true");
        const auto add = [&](std::string_view name, std::string_view json) {
            if (!is_dropped(bay::sv(request_.target->params), name)) body_.add(name, json);
        };
        const bool wants_usage = streamed_ && (request_.flags & BAY_REQ_WANT_USAGE) != 0;
        if (wants_usage && dialect_.stream_options && !has_member("stream_options")) {
            add("stream_options", R"({"include_usage":true})");
        }
        if (!added_effort_.empty()) {
            const ModelRule* rule = find_model_rule(dialect_, model_);
            const std::string given = bay::json_quote(added_effort_);
            const ValueAction own =
                rule != nullptr ? apply_effort_words(rule->efforts, given) : ValueAction{};
            if (own.kind != Kind::drop) {
                add("reasoning_effort", own.kind == Kind::replace ? own.json : given);
            }
        }
        if (added_thinking_) add("thinking", R"({"type":"enabled"})");
        for (const Default& extra : dialect_.defaults) {
            if (!has_member(extra.name)) add(extra.name, extra.json);
        }
    }

    const bay_ev_request& request_;
    const Dialect& dialect_;
    bay::Splice& body_;
    std::string_view model_;
    ParamRules rules_;
    bool streamed_;
    bool model_written_ = false;
    bool added_thinking_ = false;
    std::string added_effort_;
};

}  // namespace

std::optional<Refusal> write_body(const bay_ev_request& request, const Dialect& dialect,
                                  bay::Splice& body) {
    return Writer(request, dialect, body).write();
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
