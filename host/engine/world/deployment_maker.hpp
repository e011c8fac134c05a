// From a `model_list` entry to a deployment: which provider serves it, at which address, with which
// key, and what its requests get.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/loader.hpp"
#include "engine/plugins/plugin_set.hpp"
#include "engine/world/deployment.hpp"
#include "engine/world/deployment_budgets.hpp"

namespace patchbay {

/// Judges and makes; what is wrong goes to `problems`. Everything it is given outlives it.
class DeploymentMaker {
  public:
    /// `instance_of` makes the plugin instance of a row, or none after it reported why. `before`
    /// are the plugins of the world that runs, null at the start: a provider that they serve must
    /// not go missing with the next ones.
    DeploymentMaker(const Config& config, const Environment& environment, const PluginSet& plugins,
                    const PluginSet* before, std::vector<Problem>& problems,
                    std::function<ComponentInstance(const ProviderRow&)> instance_of);

    /// The provider of an entry, or why the entry is not served, in words for a client; both empty
    /// after an error.
    struct Provider {
        const ProviderRow* row = nullptr;
        std::string model;
        std::string left_out;
    };
    Provider provider_of_entry(const DeploymentConfig& entry);

    /// A deployment of `group`, or why there is none as above. `model` is what the provider calls
    /// it; `named`: the entry names this provider, so what it lacks is worth a word.
    struct Made {
        std::unique_ptr<Deployment> deployment;
        std::string left_out;
    };
    Made make(const DeploymentConfig& entry, const ProviderRow& row, const std::string& model,
              const std::string& group, bool named);

    /// What is wrong with an entry whoever serves it: an address that is none, guardrails that the
    /// configuration does not have. To be called for each entry, before it is made.
    void check(const DeploymentConfig& entry);

    /// Can a deployment of this row be reached without an address of its own?
    bool reachable(const DeploymentConfig& entry, const ProviderRow& row) const;

    /// By which deployments are priced; before the first is made.
    void set_prices(std::shared_ptr<const meter::PriceBook> book);

    /// What gives deployments their budgets; before the first is made. Without it they have none.
    void set_budgets(DeploymentBudgets& budgets) { budgets_ = &budgets; }

    bool failed() const { return failed_; }

  private:
    Made make_version(const DeploymentConfig& entry, const ProviderRow& row,
                      const std::string& model, const std::string& group, bool named);
    void set_routing(const DeploymentConfig& entry, Deployment& d);
    void set_pricing(const DeploymentConfig& entry, const ProviderRow& row, bool named,
                     Deployment& d);
    bool set_address(const DeploymentConfig& entry, const ProviderRow& row, Deployment& d,
                     std::string& left_out);
    bool set_key(const DeploymentConfig& entry, const ProviderRow& row, bool named, Deployment& d);
    void set_requests(const DeploymentConfig& entry, const ProviderRow& row, bool named,
                      Deployment& d);
    void set_model_info(const DeploymentConfig& entry, const ProviderRow& row, bool named,
                        Deployment& d);
    void report(Problem::Severity severity, const Place& place, std::string message);
    void leave_out(const Place& place, std::string message);

    const Config& config_;
    const Environment& environment_;
    const PluginSet& plugins_;
    const PluginSet* before_;
    std::vector<Problem>& problems_;
    std::function<ComponentInstance(const ProviderRow&)> instance_of_;
    std::shared_ptr<const meter::PriceBook> book_;
    std::shared_ptr<const meter::CardShelf> shelf_;
    DeploymentBudgets* budgets_ = nullptr;
    bool failed_ = false;
};

}  // namespace patchbay
