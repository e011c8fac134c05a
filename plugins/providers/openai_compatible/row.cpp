#include "row.hpp"

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/operations.h"
#include "row_fields.hpp"
#include "row_operations.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

bool is_header_name(std::string_view name) {
    if (name.empty()) return false;
    for (const char c : name) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_') return false;
    }
    return true;
}

/// An object of words: from -> to.
void read_renames(Fields& fields, std::string_view name, std::vector<Rename>& target) {
    std::vector<std::pair<std::string, std::string>> pairs;
    fields.text_pairs(name, pairs);
    for (auto& [from, to] : pairs) target.push_back({std::move(from), std::move(to)});
}

void read_params(const json::object& object, std::string pointer, Dialect& dialect,
                 std::vector<RowProblem>& problems) {
    Fields fields(object, std::move(pointer), problems);
    const json::value* supported = fields.value("supported");
    if (supported != nullptr && supported->is_string()) {
        dialect.every_param = supported->get_string() == "all";
        if (!dialect.every_param)
            fields.problem("supported", "must be \"all\" or a list of parameters");
    } else if (supported != nullptr) {
        dialect.supported = {Param::stream, Param::stream_options};
        fields.params("supported", dialect.supported);
    }
    fields.params("also", dialect.supported);
    ParamSet unsupported;
    fields.params("unsupported", unsupported);
    dialect.supported.remove(unsupported);
    fields.params("ignored", dialect.ignored);
    dialect.supported.remove(dialect.ignored);
    read_renames(fields, "rename", dialect.renames);
    if (const json::object* defaults = fields.object("defaults")) {
        for (const auto& [name, value] : *defaults) {
            dialect.defaults.push_back({name, json_tree::write(value)});
        }
    }
    fields.finish();
}

/// "response_format"; false if it is not there.
bool read_format(Fields& fields, FormatRule& rule) {
    fields.word<FormatRule>("response_format", rule,
                            {{"keep", FormatRule::keep},
                             {"drop_text", FormatRule::drop_text},
                             {"schema_in_json_object", FormatRule::schema_in_json_object},
                             {"schema_in_message", FormatRule::schema_in_message},
                             {"only_json_schema", FormatRule::only_json_schema},
                             {"response_schema", FormatRule::response_schema},
                             {"schema_as_tool", FormatRule::schema_as_tool},
                             {"only_schema_as_tool", FormatRule::only_schema_as_tool}});
    return fields.has("response_format");
}

/// "thinking"; false if it is not there.
bool read_thinking(Fields& fields, ThinkingRule& rule) {
    fields.word<ThinkingRule>("thinking", rule,
                              {{"keep", ThinkingRule::keep},
                               {"switch_only", ThinkingRule::switch_only},
                               {"off_switch", ThinkingRule::off_switch},
                               {"effort", ThinkingRule::effort},
                               {"budget", ThinkingRule::budget}});
    return fields.has("thinking");
}

/// The parts of a model's name and what is made of them.
void read_parts(Fields& fields, ModelRule& rule) {
    std::string separator;
    fields.text("separator", separator);
    if (fields.has("separator") && separator.size() != 1) {
        fields.problem("separator", "must be one character");
    }
    rule.separator = separator.empty() ? '\0' : separator.front();
    fields.text("model", rule.model);
    fields.text("path", rule.path);
    if (!rule.path.empty() && !rule.path.starts_with('/')) {
        fields.problem("path", "must begin with /");
    }
    fields.text("base_url", rule.base_url);
}

void read_models(const json::value& value, const std::string& pointer, Dialect& dialect,
                 std::vector<RowProblem>& problems) {
    if (!value.is_array()) {
        problems.push_back({pointer, "must be a list of objects"});
        return;
    }
    std::size_t index = 0;
    for (const json::value& item : value.get_array()) {
        const std::string at = pointer + "/" + std::to_string(index++);
        if (!item.is_object()) {
            problems.push_back({at, "must be an object"});
            continue;
        }
        Fields fields(item.get_object(), at, problems);
        ModelRule rule;
        fields.texts("match", rule.match);
        fields.texts("except", rule.except);
        fields.params("also", rule.also);
        fields.params("unsupported", rule.unsupported);
        fields.params("ignored", rule.ignored);
        rule.unsupported.add(rule.ignored);
        fields.flag("thinks", rule.thinks);
        read_renames(fields, "reasoning_effort", rule.efforts);
        FormatRule format = dialect.response_format;
        if (read_format(fields, format)) rule.response_format = format;
        ThinkingRule thinking = dialect.thinking;
        if (read_thinking(fields, thinking)) rule.thinking = thinking;
        read_parts(fields, rule);
        if (rule.match.empty()) fields.problem("match", "must name at least one model");
        fields.finish();
        dialect.models.push_back(std::move(rule));
    }
}

void read_temperature(const json::object& object, std::string pointer, Dialect& dialect,
                      std::vector<RowProblem>& problems) {
    Fields fields(object, std::move(pointer), problems);
    fields.number("min", dialect.temperature_min);
    fields.number("max", dialect.temperature_max);
    fields.number("min_with_n", dialect.temperature_min_with_n);
    if (dialect.temperature_min && dialect.temperature_max &&
        *dialect.temperature_min > *dialect.temperature_max) {
        fields.problem("min", "is above max");
    }
    fields.finish();
}

void read_tool_choice(const json::object& object, std::string pointer, Dialect& dialect,
                      std::vector<RowProblem>& problems) {
    Fields fields(object, std::move(pointer), problems);
    fields.word<ChoiceAction>("required", dialect.tool_choice.required,
                              {{"unsupported", ChoiceAction::unsupported},
                               {"any", ChoiceAction::any},
                               {"as_message", ChoiceAction::as_message}});
    fields.word<ChoiceAction>(
        "named", dialect.tool_choice.named,
        {{"unsupported", ChoiceAction::unsupported}, {"any", ChoiceAction::any}});
    fields.finish();
}

void read_messages(const json::object& object, std::string pointer, MessageRules& rules,
                   std::vector<RowProblem>& problems) {
    Fields fields(object, std::move(pointer), problems);
    fields.flag("text_parts_to_string", rules.text_parts_to_string);
    fields.flag("assistant_part_to_string", rules.assistant_part_to_string);
    fields.flag("tool_parts_to_string", rules.tool_parts_to_string);
    std::vector<std::string> named;
    fields.texts("named_roles", named);
    if (fields.has("named_roles")) rules.named_roles = named;
    fields.flag("drop_nulls", rules.drop_nulls);
    fields.flag("drop_null_content", rules.drop_null_content);
    fields.flag("keep_cache_control", rules.keep_cache_control);
    fields.flag("cache_control_in_content", rules.cache_control_in_content);
    fields.flag("images_in_results", rules.images_in_results);
    fields.flag("keep_developer", rules.keep_developer);
    read_renames(fields, "roles", rules.roles);
    fields.flag("nine_character_call_ids", rules.nine_character_call_ids);
    fields.flag("ordered_roles", rules.ordered_roles);
    fields.flag("audio_as_text", rules.audio_as_text);
    fields.word<FileRule>("files", rules.files, {{"document_url", FileRule::document_url}});
    fields.flag("thoughts_with_calls", rules.thoughts_with_calls);
    fields.texts("assistant_members", rules.assistant_members);
    fields.texts("assistant_lacks", rules.assistant_lacks);
    fields.finish();
}

void read_answers(const json::object& object, std::string pointer, AnswerRules& rules,
                  std::vector<RowProblem>& problems) {
    Fields fields(object, std::move(pointer), problems);
    fields.flag("shape", rules.shape);
    fields.flag("keep_extras", rules.keep_extras);
    fields.flag("stream_reasoning_stays", rules.stream_reasoning_stays);
    fields.flag("reasoning_stays", rules.reasoning_stays);
    fields.flag("null_content", rules.null_content);
    fields.flag("reasoning_apart", rules.reasoning_apart);
    fields.flag("cache_hit_tokens", rules.cache_hit_tokens);
    fields.flag("x_groq_usage", rules.x_groq_usage);
    fields.flag("tool_finish_reason", rules.tool_finish_reason);
    fields.finish();
}

void read_chat_path(Fields& row, Dialect& dialect) {
    std::string path;
    read_path(row, path);
    for (OperationRule& rule : dialect.operations) {
        if (rule.id == BAY_OP_CHAT_COMPLETIONS && rule.path.empty()) rule.path = path;
    }
}

void read_login(Fields& row, Dialect& dialect) {
    const json::object* object = row.object("login");
    if (object == nullptr) return;
    Fields fields(*object, row.pointer_to("login"), row.problems());
    LoginRule login;
    read_path(fields, login.path);
    if (login.path.empty()) fields.problem("path", "must be there");
    fields.text("scope", login.scope);
    fields.text("beside", login.beside);
    fields.finish();
    dialect.login = std::move(login);
    dialect.key_optional = true;  // what authorizes a call is the site's to know
}

void read_endpoint(Fields& row, Dialect& dialect) {
    row.text("base_url", dialect.base_url);
    if (!dialect.base_url.empty() && !dialect.base_url.starts_with("https://") &&
        !dialect.base_url.starts_with("http://")) {
        row.problem("base_url", "must begin with https:// or http://");
    }
    std::vector<std::string> hosts;
    row.texts("egress", hosts);
    read_operations(row, dialect, hosts);
    read_chat_path(row, dialect);
    row.texts("api_key_env", dialect.key_names);
    std::vector<std::string> ignored;  // the host reads these
    row.texts("api_base_env", ignored);
    row.texts("told_cost", ignored);
    row.object("settings_env");
    row.text("default_api_key", dialect.default_api_key);
    row.flag("key_optional", dialect.key_optional);
    row.flag("bearer", dialect.bearer);
    std::vector<std::pair<std::string, std::string>> headers;
    row.text_pairs("headers", headers);
    for (auto& [name, value] : headers) {
        if (!is_header_name(name)) row.problem("headers", "'" + name + "' is not a header name");
        if (value.find_first_of("\r\n") != std::string::npos) {
            row.problem("headers", "the value of '" + name + "' holds a line break");
        }
        dialect.headers.push_back({name, value});
    }
    read_login(row, dialect);
    std::string note;
    row.text("note", note);
}

void read_rules(Fields& row, Dialect& dialect) {
    auto& problems = row.problems();
    row.word<ErrorFamily>("errors", dialect.errors,
                          {{"openai", ErrorFamily::openai},
                           {"openai_like", ErrorFamily::openai_like},
                           {"litellm_proxy", ErrorFamily::litellm_proxy}});
    row.flag("stream_options", dialect.stream_options);
    row.flag("whole_formats", dialect.whole_formats);
    dialect.answers.shape = true;
    read_renames(row, "settings", dialect.settings);
    row.text("model_prefix", dialect.model_prefix);
    row.texts("tool_schema_drop", dialect.tool_schema_drop);
    read_format(row, dialect.response_format);
    read_thinking(row, dialect.thinking);
    const auto part = [&](std::string_view name, auto read) {
        if (const json::object* object = row.object(name)) read(*object, row.pointer_to(name));
    };
    part("params", [&](const json::object& object, std::string at) {
        read_params(object, std::move(at), dialect, problems);
    });
    part("temperature", [&](const json::object& object, std::string at) {
        read_temperature(object, std::move(at), dialect, problems);
    });
    part("tool_choice", [&](const json::object& object, std::string at) {
        read_tool_choice(object, std::move(at), dialect, problems);
    });
    part("messages", [&](const json::object& object, std::string at) {
        read_messages(object, std::move(at), dialect.messages, problems);
    });
    part("answers", [&](const json::object& object, std::string at) {
        read_answers(object, std::move(at), dialect.answers, problems);
    });
    if (const json::value* models = row.value("models")) {
        read_models(*models, row.pointer_to("models"), dialect, problems);
    }
}

}  // namespace

RowResult read_row(std::string_view config) {
    RowResult result;
    const auto value = shared::parse_json(config);
    if (!value || !value->is_object()) {
        result.problems.push_back({"", "must be a JSON object"});
        return result;
    }
    Fields top(value->get_object(), "", result.problems);
    top.text("prefix", result.dialect.provider);
    if (result.dialect.provider.empty()) top.problem("prefix", "must name the provider");
    const json::object* object = top.object("row");
    if (object == nullptr) {
        if (!top.has("row")) top.problem("row", "is missing");
        return result;
    }
    Fields row(*object, "/row", result.problems);
    read_endpoint(row, result.dialect);
    read_rules(row, result.dialect);
    row.finish();
    return result;
}

}  // namespace patchbay::openai
