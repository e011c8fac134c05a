#include "config/health_keys.hpp"

#include <array>
#include <memory>
#include <vector>

namespace patchbay {
namespace {

constexpr std::chrono::seconds kLeastInterval{1};
constexpr std::int64_t kMostAtOnce = 1'000;

template <class Change>
void change(GeneralSettings& settings, Change make) {
    HealthSettings changed = settings.health ? *settings.health : HealthSettings{};
    make(changed);
    settings.health = std::make_shared<const HealthSettings>(std::move(changed));
}

// A number of tokens or a time of nothing would be a check that always fails.
template <auto Member>
void into_positive(Reader& reader, const Entry& entry, ModelHealth& health) {
    auto value = health.*Member;
    reader.read(entry, value);
    using Value = typename decltype(value)::value_type;
    if (value && *value == Value{}) return reader.wrong(entry, "a number above 0");
    health.*Member = value;
}

void read_disabled(Reader& reader, const Entry& entry, ModelHealth& health) {
    bool disabled = !health.in_background;
    reader.read(entry, disabled);
    health.in_background = !disabled;
}

constexpr std::array kModelFields = {
    Field<ModelHealth>{"disable_background_health_check", read_disabled},
    Field<ModelHealth>{"health_check_timeout", into_positive<&ModelHealth::timeout>},
    Field<ModelHealth>{"health_check_model", into<&ModelHealth::model>},
    Field<ModelHealth>{"health_check_max_tokens", into_positive<&ModelHealth::max_tokens>},
    Field<ModelHealth>{"health_check_max_tokens_reasoning",
                       into_positive<&ModelHealth::max_tokens_reasoning>},
    Field<ModelHealth>{"health_check_max_tokens_non_reasoning",
                       into_positive<&ModelHealth::max_tokens_non_reasoning>},
    Field<ModelHealth>{"health_check_supports_max_tokens", into<&ModelHealth::supports_max_tokens>},
    Field<ModelHealth>{"health_check_reasoning_effort", into<&ModelHealth::reasoning_effort>},
    Field<ModelHealth>{"health_check_voice", into<&ModelHealth::voice>},
    Field<ModelHealth>{"health_check_params", into<&ModelHealth::params>},
};

}  // namespace

void read_background_checks(Reader& reader, const Entry& entry, GeneralSettings& settings) {
    change(settings, [&](HealthSettings& health) { reader.read(entry, health.background); });
}

void read_check_interval(Reader& reader, const Entry& entry, GeneralSettings& settings) {
    std::optional<std::chrono::milliseconds> interval;
    reader.read(entry, interval);
    if (!interval) return;
    if (*interval < kLeastInterval) return reader.wrong(entry, "a number of seconds, 1 or more");
    change(settings, [&](HealthSettings& health) { health.interval = *interval; });
}

void read_check_details(Reader& reader, const Entry& entry, GeneralSettings& settings) {
    change(settings, [&](HealthSettings& health) { reader.read(entry, health.details); });
}

void read_check_concurrency(Reader& reader, const Entry& entry, GeneralSettings& settings) {
    std::optional<std::int64_t> number;
    reader.read(entry, number);
    if (!number) return;
    if (*number < 1 || *number > kMostAtOnce) return reader.wrong(entry, "a number, 1 to 1000");
    change(settings, [&](HealthSettings& health) { health.at_once = static_cast<int>(*number); });
}

void read_skip_disabled(Reader& reader, const Entry& entry, GeneralSettings& settings) {
    change(settings, [&](HealthSettings& health) { reader.read(entry, health.skip_disabled); });
}

void read_checked_groups(Reader& reader, const Entry& entry, GeneralSettings& settings) {
    if (entry.value->kind == yaml::Node::Kind::null) return;
    std::vector<std::string> names;
    reader.read(entry, names);
    change(settings, [&](HealthSettings& health) { health.groups = std::move(names); });
}

void read_model_health(Reader& reader, const Entry& model_info, DeploymentConfig& deployment) {
    if (model_info.value->kind != yaml::Node::Kind::map) return;
    // What a reference comes to was told when the model_info was read as it is.
    std::vector<Reader::Unresolved> told;
    const Reader::UnresolvedScope scope(reader, &told);
    std::shared_ptr<ModelHealth> made;
    for (const yaml::Member& member : model_info.value->members) {
        const Entry entry{model_info.name(), member.key, member.value};
        const auto* const field = find_field<ModelHealth>(kModelFields, entry.name());
        if (field == nullptr) continue;
        if (!made) made = std::make_shared<ModelHealth>();
        field->read(reader, entry, *made);
    }
    if (made) deployment.health = std::move(made);
}

}  // namespace patchbay
