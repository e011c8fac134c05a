// The guardrail "secrets": keys, tokens and passwords do not reach a provider (or a client).
#include <memory>
#include <string>

#include <boost/json.hpp>

#include "rules.hpp"
#include "text_filter/check.hpp"

namespace patchbay::secrets {
namespace {

std::string detail_of(const text_filter::Rule& rule) {
    return boost::json::serialize(
        boost::json::object{{"error", "Secret detected"}, {"detector", rule.name}});
}

class Secrets : public bay::Guardrail {
  public:
    static constexpr char id[] = "secrets";
    Secrets(std::string_view config, bay::Diag& diag)
        : filter_(read_rules(config, diag)), detail_(detail_of) {}
    std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
        return std::make_unique<text_filter::Check>(filter_, detail_);
    }

  private:
    text_filter::Filter filter_;
    text_filter::Check::Detail detail_;
};

}  // namespace
}  // namespace patchbay::secrets

BAY_PLUGIN(bay::Guardrails<patchbay::secrets::Secrets>)
