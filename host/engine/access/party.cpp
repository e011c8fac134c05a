#include "engine/access/party.hpp"

#include "store/ledger_counters.hpp"

namespace patchbay::access {

namespace json = boost::json;

namespace {

std::string text_of(const json::object& doc, std::string_view name) {
    const json::value* const found = doc.if_contains(name);
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

}  // namespace

std::shared_ptr<const Party> make_party(const store::PartyRecord& record, SubjectTable& subjects,
                                        const SpentOf& spent, std::int64_t now_us,
                                        std::string& why) {
    const auto doc = read_document(record.doc);
    if (!doc) {
        why = "the document of " + record.name + " is no JSON object";
        return nullptr;
    }
    auto party = std::make_shared<Party>();
    party->kind = record.kind;
    party->name = record.name;
    party->row = record.id;
    party->valid = true;
    party->blocked = record.blocked;
    party->region = text_of(*doc, "allowed_model_region");
    party->default_model = text_of(*doc, "default_model");
    party->alias = text_of(*doc, "alias");
    const bool customer = record.kind == store::Subject::customer;
    Owner owner{record.kind,
                record.id,
                customer ? "end_user" : "tag",
                customer ? "model_per_end_user" : "model_per_tag",
                record.name,
                {.kind = record.kind, .name = record.name}};
    if (!customer) {
        owner.spender.name = store::counters::of_tag(record.name);
        owner.spender.counter = true;
    }
    LimitsMaker maker(*party, subjects, spent, now_us);
    why = maker.add(owner, record.limits, *doc);
    return why.empty() ? party : nullptr;
}

}  // namespace patchbay::access
