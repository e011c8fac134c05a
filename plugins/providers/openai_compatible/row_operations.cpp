#include "row_operations.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "openai_shared/operations.hpp"
#include "openai_shared/picture_forms.hpp"
#include "openai_shared/ranking.hpp"
#include "openai_shared/upstream.hpp"
#include "patchbay/operations.h"

namespace patchbay::openai {

namespace json = boost::json;

void read_path(Fields& fields, std::string& path) {
    fields.text("path", path);
    if (!path.empty() && !path.starts_with('/')) fields.problem("path", "must begin with /");
}

namespace {

/// The models of an operation whose inputs are of another form.
void read_inputs(const json::value& value, const std::string& pointer,
                 std::vector<InputRule>& inputs, std::vector<RowProblem>& problems) {
    if (!value.is_array()) {
        problems.push_back({pointer, "must be a list of objects"});
        return;
    }
    for (const json::value& item : value.get_array()) {
        const std::string at = pointer + "/" + std::to_string(inputs.size());
        InputRule& rule = inputs.emplace_back();
        if (!item.is_object()) {
            problems.push_back({at, "must be an object"});
            continue;
        }
        Fields fields(item.get_object(), at, problems);
        fields.texts("match", rule.match);
        if (rule.match.empty()) fields.problem("match", "must name at least one model");
        read_path(fields, rule.path);
        if (rule.path.empty()) fields.problem("path", "must be there");
        fields.word<InputForm>(
            "form", rule.form,
            {{"documents", InputForm::documents}, {"contents", InputForm::contents}});
        fields.finish();
    }
}

bool has_form(const OperationRule& rule) {
    if (rule.id == BAY_OP_RERANK) return find_ranking_form(rule.form) != nullptr;
    return rule.id == BAY_OP_IMAGES_GENERATE && find_picture_form(rule.form) != nullptr;
}

/// "embeddings", or {"id": "embeddings", "unsupported": ["dimensions"]}.
OperationRule read_operation(const json::value& item, const std::string& pointer,
                             const std::vector<std::string>& hosts,
                             std::vector<RowProblem>& problems) {
    OperationRule rule;
    if (item.is_string()) {
        rule.id = std::string_view(item.get_string());
    } else if (item.is_object()) {
        Fields fields(item.get_object(), pointer, problems);
        fields.text("id", rule.id);
        read_path(fields, rule.path);
        fields.text("form", rule.form);
        if (!rule.form.empty() && !has_form(rule)) {
            fields.problem("form", "must be a form of rankings or pictures that is known");
        }
        if (!rule.form.empty() && rule.path.empty()) fields.problem("path", "must be there");
        fields.text("base_url", rule.base_url);
        if (!rule.base_url.empty() &&
            std::find(hosts.begin(), hosts.end(), origin_of(rule.base_url)) == hosts.end()) {
            fields.problem("base_url", "must be at the host of the provider's address");
        }
        std::vector<std::pair<std::string, std::string>> renames;
        fields.text_pairs("rename", renames);
        for (auto& [from, to] : renames) rule.renames.push_back({std::move(from), std::move(to)});
        fields.word<InputList>(
            "input", rule.input,
            {{"list", InputList::list}, {"list_with_images", InputList::list_with_images}});
        if (const json::value* inputs = fields.value("inputs")) {
            read_inputs(*inputs, fields.pointer_to("inputs"), rule.inputs, problems);
        }
        fields.texts("unsupported", rule.unsupported);
        fields.texts("unsupported_by", rule.unsupported_by);
        fields.flag("answers_chat", rule.answers_chat);
        std::vector<std::string> ignored;  // the host reads these
        fields.texts("features", ignored);
        fields.finish();
    }
    if (!has_operation(rule.id)) {
        problems.push_back({pointer, "must name an operation of OpenAI's API, alone or as \"id\""});
    }
    return rule;
}

}  // namespace

void read_operations(Fields& row, Dialect& dialect, std::vector<std::string> hosts) {
    const json::value* value = row.value("operations");
    if (value == nullptr) return;
    if (!value->is_array()) return row.problem("operations", "must be a list");
    dialect.operations.clear();
    hosts.emplace_back(origin_of(dialect.base_url));
    for (const json::value& item : value->get_array()) {
        const std::string at =
            row.pointer_to("operations") + "/" + std::to_string(dialect.operations.size());
        dialect.operations.push_back(read_operation(item, at, hosts, row.problems()));
    }
}

}  // namespace patchbay::openai
