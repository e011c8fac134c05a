#include "gateway/model_info_page.hpp"

#include <algorithm>
#include <optional>
#include <patchbay/json_tree.hpp>
#include <string>
#include <utility>

#include <boost/json.hpp>

#include "contract/http/query.hpp"
#include "engine/access/model_access.hpp"
#include "engine/meter/shown_prices.hpp"
#include "engine/models/abilities.hpp"
#include "engine/models/catalogue.hpp"
#include "gateway/deployment_params.hpp"

namespace patchbay::gateway {

namespace json = boost::json;

namespace {

json::object abilities(const Deployment& deployment) {
    return supported_by(deployment.info_given, deployment.provider, deployment.model);
}

json::object info_of(const Deployment& deployment) {
    json::object info = deployment.info_given;
    info["id"] = deployment.id;
    info["db_model"] = false;
    info["litellm_provider"] = deployment.provider;
    if (!deployment.info.mode.empty()) info["mode"] = deployment.info.mode;
    if (const auto most = deployment.info.max_input_tokens; most > 0) {
        info["max_input_tokens"] = most;
    }
    if (const auto most = deployment.info.max_output_tokens; most > 0) {
        info["max_output_tokens"] = most;
        info["max_tokens"] = most;
    }
    if (deployment.pricing.card) meter::show_prices(*deployment.pricing.card, info);
    if (const auto row = row_of(deployment.info_given, deployment.provider, deployment.model)) {
        info["key"] = row->name;
    }
    for (auto& [name, value] : abilities(deployment)) info[name] = std::move(value);
    return info;
}

Page page_of(json::array data) {
    Page page;
    page.body = json_tree::write(json::object{{"data", std::move(data)}});
    return page;
}

/// What LiteLLM tells of groups, true or false.
constexpr std::string_view kGroupAbilities[] = {
    "supports_parallel_function_calling",
    "supports_vision",
    "supports_web_search",
    "supports_url_context",
    "supports_reasoning",
    "supports_function_calling",
    "supports_fast_mode",
};

/// What the deployments of a group have together.
class GroupInfo {
  public:
    explicit GroupInfo(std::string_view name) : name_(name) {}

    void add(const Deployment& deployment) {
        if (std::find(providers_.begin(), providers_.end(), json::value(deployment.provider)) ==
            providers_.end()) {
            providers_.emplace_back(deployment.provider);
        }
        if (mode_.empty()) mode_ = deployment.info.mode;
        max_input_ = std::max(max_input_, deployment.info.max_input_tokens);
        max_output_ = std::max(max_output_, deployment.info.max_output_tokens);
        if (deployment.rpm) rpm_ = rpm_.value_or(0) + *deployment.rpm;
        if (deployment.tpm) tpm_ = tpm_.value_or(0) + *deployment.tpm;
        if (deployment.itpm) itpm_ = itpm_.value_or(0) + *deployment.itpm;
        if (deployment.otpm) otpm_ = otpm_.value_or(0) + *deployment.otpm;
        for (const auto& [name, value] : abilities(deployment)) {
            if (value.get_bool()) supported_[name] = true;
        }
        if (!deployment.pricing.card) return;
        raise(deployment, meter::Dimension::text_in, input_);
        raise(deployment, meter::Dimension::text_out, output_);
    }

    json::object finish() && {
        json::object info{{"model_group", name_}, {"providers", std::move(providers_)}};
        const auto set = [&](std::string_view name, auto value, bool known) {
            info[name] = known ? json::value(value) : json::value(nullptr);
        };
        set("max_input_tokens", max_input_, max_input_ > 0);
        set("max_output_tokens", max_output_, max_output_ > 0);
        info["input_cost_per_token"] = input_ ? meter::shown_rate(*input_) : json::value(nullptr);
        info["output_cost_per_token"] =
            output_ ? meter::shown_rate(*output_) : json::value(nullptr);
        set("mode", mode_, !mode_.empty());
        set("tpm", tpm_.value_or(0), tpm_.has_value());
        set("rpm", rpm_.value_or(0), rpm_.has_value());
        set("itpm", itpm_.value_or(0), itpm_.has_value());
        set("otpm", otpm_.value_or(0), otpm_.has_value());
        for (const std::string_view name : kGroupAbilities) {
            info[name] = supported_.contains(name);
        }
        return info;
    }

  private:
    static void raise(const Deployment& deployment, meter::Dimension dimension,
                      std::optional<meter::Atto>& most) {
        const meter::Rate* rate = deployment.pricing.card->standard(dimension);
        if (rate && (!most || *most < rate->rate)) most = rate->rate;
    }

    std::string_view name_;
    json::array providers_;
    std::string mode_;
    std::int64_t max_input_ = 0;
    std::int64_t max_output_ = 0;
    std::optional<std::int64_t> rpm_, tpm_, itpm_, otpm_;
    std::optional<meter::Atto> input_, output_;
    json::object supported_;
};

const ModelGroup* group_named(const Snapshot& snapshot, const std::string& name) {
    if (const auto found = snapshot.groups.find(name); found != snapshot.groups.end()) {
        return &found->second;
    }
    const auto found = std::find_if(snapshot.wildcards.begin(), snapshot.wildcards.end(),
                                    [&](const ModelGroup& group) { return group.name == name; });
    return found == snapshot.wildcards.end() ? nullptr : &*found;
}

bool may_see(const access::Principal* principal, const ModelGroup& group) {
    return !principal || !access::check_model(*principal, group, group.name);
}

}  // namespace

Result<Page> model_info_page(const Snapshot& snapshot, std::string_view query,
                             const access::Principal* principal) {
    const auto id = http::query_value(query, "litellm_model_id");
    json::array data;
    for (const auto& deployment : snapshot.deployments) {
        if (id && deployment->id != *id) continue;
        if (!may_see(principal, {deployment->group, {deployment.get()}})) continue;
        data.push_back({{"model_name", deployment->group},
                        {"litellm_params", shown_params(*deployment)},
                        {"model_info", info_of(*deployment)}});
    }
    if (id && data.empty()) {
        return bad_request("Model id = " + *id + " not found on litellm proxy");
    }
    return page_of(std::move(data));
}

Page model_group_info_page(const Snapshot& snapshot, std::string_view query,
                           const access::Principal* principal) {
    const auto only = http::query_value(query, "model_group");
    json::array data;
    for (const std::string& name : snapshot.listed) {
        const ModelGroup* group = group_named(snapshot, name);
        if (!group || (only && name != *only)) continue;
        if (!may_see(principal, *group)) continue;
        GroupInfo info(name);
        for (const Deployment* deployment : group->deployments) info.add(*deployment);
        data.push_back(std::move(info).finish());
    }
    return page_of(std::move(data));
}

}  // namespace patchbay::gateway
