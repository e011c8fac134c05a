#include "control/entity.hpp"

#include <boost/json/array.hpp>

#include "control/durations.hpp"
#include "engine/meter/amount.hpp"
#include "engine/meter/budget_terms.hpp"
#include "engine/surface/request_defaults.hpp"
#include "patchbay/json_tree.hpp"
#include "store/period.hpp"

namespace patchbay::control {

namespace json = boost::json;

namespace {

[[noreturn]] void refuse_type(const Field& field) {
    switch (field.type) {
        case Type::text:
        case Type::duration:
            refuse_value("body", field.name, "string_type", "Input should be a valid string");
        case Type::time:
            refuse_value("body", field.name, "datetime_parsing",
                         "Input should be a valid datetime");
        case Type::integer:
            refuse_value("body", field.name, "int_parsing", "Input should be a valid integer");
        case Type::money:
            refuse_value("body", field.name, "float_parsing", "Input should be a valid number");
        case Type::boolean:
            refuse_value("body", field.name, "bool_parsing", "Input should be a valid boolean");
        case Type::list:
            refuse_value("body", field.name, "list_type", "Input should be a valid list");
        case Type::object:
        case Type::router_settings:
            refuse_value("body", field.name, "dict_type", "Input should be a valid dictionary");
        case Type::model_budgets:
        case Type::budget_windows:
        case Type::model_rates:
            break;
    }
    refuse_value("body", field.name, "value_error", "Input is not valid");
}

// Refuses a value for what is wrong with it at a place inside.
void refuse_inside(std::string_view name, const std::string& wrong) {
    refuse(400, "bad_request_error", meter::wrong_at(name, wrong), name);
}

// What is given as text, or 1 and 0, is the number, or true and false, that it spells, as LiteLLM takes it.
json::value as_meant(const Field& field, const json::value& value) {
    if (field.type == Type::boolean && !value.is_bool() && !value.is_null()) {
        const json::string* const said = value.if_string();
        const std::string text = said ? std::string(*said) : json_tree::write(value);
        for (const std::string_view yes : {"true", "True", "yes", "on", "1"}) {
            if (text == yes) return true;
        }
        for (const std::string_view no : {"false", "False", "no", "off", "0"}) {
            if (text == no) return false;
        }
    }
    const bool numeric = field.type == Type::money || field.type == Type::integer;
    if (!numeric || !value.is_string()) return value;
    const std::string_view text(value.get_string());
    return meter::read_decimal(text, meter::kAmountPlaces) ? json_tree::number_from(text) : value;
}

void check_rates(std::string_view name, const json::value& value) {
    if (const std::string wrong = meter::wrong_in_model_rates(value); !wrong.empty()) {
        refuse_inside(name, wrong);
    }
}

// `metadata` may be given whole, with limits in it.
void check_metadata(const Entity& entity) {
    const json::value* const metadata = entity.doc.if_contains("metadata");
    const auto* const members = metadata ? metadata->if_object() : nullptr;
    if (!members) return;
    for (const Field& field : entity.resource->fields) {
        const json::value* const given =
            field.type == Type::model_rates ? members->if_contains(field.name) : nullptr;
        if (given) check_rates("metadata." + std::string(field.name), *given);
    }
}

// The value as a column keeps it; refused if it is none.
store::Value checked(const Field& field, const json::value& value) {
    if (value.is_null()) return {};
    switch (field.type) {
        case Type::text:
        case Type::duration:
            if (!value.is_string()) break;
            if (json_tree::has_half(std::string_view(value.get_string()))) break;
            check_text("body", field.name, value.get_string());
            if (field.type == Type::duration && !read_duration(value.get_string())) {
                refuse(400, "bad_request_error",
                       std::string(field.name) +
                           " must be a number and a unit: 30s, 30m, 24h, 30d, 1w, 1mo",
                       field.name);
            }
            return std::string(value.get_string());
        case Type::integer: {
            if (!json_tree::is_number(value)) break;
            bool rounded = false;
            const auto number = meter::read_decimal(json_tree::write(value), 0, &rounded);
            if (!number || rounded || *number > INT64_MAX) break;
            if (*number < 0) {
                refuse(400, "bad_request_error", std::string(field.name) + " cannot be negative.",
                       field.name);
            }
            return static_cast<std::int64_t>(*number);
        }
        case Type::money: {
            const auto amount = read_money(value);
            if (!amount) break;
            if (*amount < 0) {
                refuse(400, "bad_request_error",
                       std::string(field.name) +
                           " cannot be negative. Received: " + json_tree::write(value),
                       field.name);
            }
            return *amount;
        }
        case Type::time: {
            if (!value.is_string()) break;
            const auto time = read_time(value.get_string());
            if (!time) break;
            return *time;
        }
        case Type::boolean:
            if (!value.is_bool()) break;
            return std::int64_t{value.get_bool() ? 1 : 0};
        case Type::list:
            if (!value.is_array()) break;
            for (const json::value& one : value.get_array()) {
                if (one.is_string()) continue;
                refuse_value("body", field.name, "string_type", "Input should be a valid string");
            }
            return std::int64_t{0};
        case Type::object:
            if (!value.is_object() || json_tree::is_number_text(value)) break;
            return std::int64_t{0};
        case Type::router_settings: {
            if (!value.is_object() || json_tree::is_number_text(value)) break;
            const auto read = read_request_defaults(value.get_object());
            if (!read) refuse_inside(field.name, read.error().param + ": " + read.error().message);
            return std::int64_t{0};
        }
        case Type::model_budgets:
        case Type::budget_windows: {
            const auto read = field.type == Type::model_budgets ? meter::read_model_budgets(value)
                                                                : meter::read_budget_windows(value);
            if (!read) refuse_inside(field.name, read.error());
            return std::int64_t{0};
        }
        case Type::model_rates:
            if (!value.is_object() || json_tree::is_number_text(value)) {
                refuse_value("body", field.name, "dict_type", "Input should be a valid dictionary");
            }
            check_rates(field.name, value);
            return std::int64_t{0};
    }
    refuse_type(field);
}

json::object& metadata_of(json::object& doc) {
    json::value& member = doc["metadata"];
    if (!member.is_object()) member = json::object();
    return member.get_object();
}

void keep(json::object& object, std::string_view name, const json::value& value) {
    if (value.is_null()) {
        object.erase(name);
    } else {
        object[name] = value;
    }
}

void share_budget(Entity& entity, const json::value& id, store::Records& records) {
    if (id.is_null()) {
        entity.budget.reset();
        entity.row.set("budget", {});
        return;
    }
    if (!id.is_string()) {
        refuse_value("body", "budget_id", "string_type", "Input should be a valid string");
    }
    entity.budget =
        must(records.get(store::kBudgetTable, "budget_id", std::string(id.get_string())));
    if (!entity.budget) {
        refuse(400, "bad_request_error",
               "There is no budget with budget_id=" + std::string(id.get_string()), "budget_id");
    }
    entity.row.set("budget", entity.budget->id);
}

void set_limit(Entity& entity, const Field& field, store::Value value) {
    if (entity.shares_budget()) {
        refuse(400, "bad_request_error",
               "This " + std::string(entity.resource->name) +
                   " has the limits of budget_id=" + entity.budget->text("budget_id") + ": set " +
                   std::string(field.name) + " there, or take the budget_id away with null",
               field.name);
    }
    if (!entity.budget) {
        if (value.index() == 0) return;
        entity.budget.emplace(store::kBudgetTable);
    }
    entity.budget->set(field.column, std::move(value));
    entity.budget_changed = true;
}

json::value shown_value(const Field& field, const store::Row& row) {
    const store::Value& value = row[field.column];
    if (value.index() == 0) return json_tree::read(field.standard).value;
    if (const auto* text = std::get_if<std::string>(&value)) return json::value(*text);
    const std::int64_t number = std::get<std::int64_t>(value);
    if (field.type == Type::money) return money_value(number);
    if (field.type == Type::boolean) return number != 0;
    if (field.type == Type::time) return json::value(iso_time(number));
    return number;
}

// A list of what may be used allows everything when it is empty, so a null, which might stand for "as it was", takes no
// limit away. LiteLLM's database refuses it, too.
void check_opening(const Entity& entity, const Field& field, const json::value& value) {
    if (!value.is_null() || entity.is_new()) return;
    if (field.name != "models" && field.name != "allowed_routes") return;
    const json::value* kept = entity.doc.if_contains(field.name);
    if (kept == nullptr || !kept->is_array() || kept->get_array().empty()) return;
    refuse(400, "bad_request_error",
           std::string(field.name) +
               " cannot be null: leave it out to keep it as it is, [] allows all",
           field.name);
}

// Names stand in indices, of which PostgreSQL's take no more than 2,704 bytes.
void check_names(const store::Row& row) {
    constexpr std::size_t kLongest = 1'000;
    const auto columns = row.table->columns;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto* text = std::get_if<std::string>(&row.values[i]);
        if (columns[i].type != store::ColumnType::text || columns[i].secret || !text) continue;
        if (text->size() <= kLongest) continue;
        refuse(400, "bad_request_error",
               std::string(row.table->name) + ": " + std::string(columns[i].name) +
                   " is too long: at most 1,000 bytes",
               columns[i].name);
    }
}

}  // namespace

json::value money_value(std::int64_t nano) {
    return json_tree::number_from(meter::dollars(nano).view());
}

std::optional<std::int64_t> read_money(const json::value& value) {
    if (!json_tree::is_number(value)) return std::nullopt;
    const auto amount = meter::read_decimal(json_tree::write(value), meter::kAmountPlaces);
    if (!amount || *amount > INT64_MAX || *amount < INT64_MIN) return std::nullopt;
    return static_cast<std::int64_t>(*amount);
}

Entity Entity::load(store::Records& records, const Resource& resource, store::Row row) {
    Entity entity(resource);
    entity.row = std::move(row);
    entity.doc = document_of(entity.row);
    if (resource.table != &store::kBudgetTable && entity.row.has("budget")) {
        entity.budget = must(records.get(store::kBudgetTable, entity.row.number("budget")));
    }
    return entity;
}

void fill(Entity& entity, const json::object& body, store::Records& records) {
    const json::value* budget_id = body.if_contains("budget_id");
    if (budget_id && entity.resource->table != &store::kBudgetTable) {
        share_budget(entity, *budget_id, records);
    }
    for (const Field& field : entity.resource->fields) {
        const json::value* given = body.if_contains(field.name);
        if (given == nullptr) continue;
        const json::value value = as_meant(field, *given);
        // Nobody is without a role: null leaves the one that it has.
        if (field.name == "user_role" && value.is_null()) continue;
        check_opening(entity, field, value);
        store::Value kept = checked(field, value);
        switch (field.where) {
            case Where::column:
                // A flag is never unknown.
                if (field.type == Type::boolean && value.is_null()) kept = std::int64_t{0};
                // A name without a letter is none: others may be without one, too.
                if (value.is_string() && value.get_string().empty()) kept = {};
                entity.row.set(field.column, std::move(kept));
                break;
            case Where::limits:
                set_limit(entity, field, std::move(kept));
                break;
            case Where::doc:
                keep(entity.doc, field.name, value);
                break;
            case Where::metadata:
                keep(metadata_of(entity.doc), field.name, value);
                break;
        }
    }
    if (body.contains("metadata")) check_metadata(entity);
}

void put(store::Writing& writing, Entity& entity, std::string_view action) {
    check_names(entity.row);
    if (entity.budget_changed) {
        must(writing.put(*entity.budget, entity.budget->id == 0 ? "created" : "updated"));
        entity.row.set("budget", entity.budget->id);
        entity.budget_changed = false;
    }
    entity.row.doc = json_tree::write(entity.doc);
    must(writing.put(entity.row, action));
}

json::object shown(const Entity& entity) {
    json::object object;
    for (const Field& field : entity.resource->fields) {
        switch (field.where) {
            case Where::column:
                object[field.name] = shown_value(field, entity.row);
                break;
            case Where::limits:
                object[field.name] = entity.budget && !entity.shares_budget()
                                         ? shown_value(field, *entity.budget)
                                         : json_tree::read(field.standard).value;
                break;
            case Where::doc: {
                const json::value* kept = entity.doc.if_contains(field.name);
                object[field.name] = kept ? *kept : json_tree::read(field.standard).value;
                break;
            }
            case Where::metadata:
                break;  // LiteLLM shows them in `metadata`
        }
    }
    const store::Row* limits = entity.budget ? &*entity.budget : nullptr;
    if (entity.resource->table == &store::kBudgetTable) limits = &entity.row;
    object["budget_reset_at"] = nullptr;
    if (limits != nullptr && limits->has("duration")) {
        if (const auto duration = store::read_budget_duration(limits->text("duration"))) {
            object["budget_reset_at"] = iso_time(store::period_of(*duration, unix_us()).until);
        }
    }
    if (entity.resource->table != &store::kBudgetTable) {
        object["budget_id"] = nullptr;
        object["litellm_budget_table"] = nullptr;
        if (entity.shares_budget()) {
            Entity shared(kBudgetResource);
            shared.row = *entity.budget;
            shared.doc = document_of(shared.row);
            object["budget_id"] = entity.budget->text("budget_id");
            object["litellm_budget_table"] = shown(shared);
        }
    } else {
        object["budget_id"] = nullptr;
        if (entity.row.has("budget_id")) object["budget_id"] = entity.row.text("budget_id");
    }
    object["created_at"] = iso_time(entity.row.created_at);
    object["created_by"] = entity.row.created_by;
    object["updated_at"] = iso_time(entity.row.updated_at);
    object["updated_by"] = entity.row.updated_by;
    return object;
}

}  // namespace patchbay::control
