// The guardrail "content-filter": blocks or masks what patterns and word lists find.
#include <memory>
#include <string>

#include <boost/json.hpp>

#include "rules.hpp"
#include "text_filter/check.hpp"

namespace patchbay::content_filter {
namespace {

namespace json = boost::json;

std::string detail_of(const Rule& rule) {
    json::object detail;
    if (rule.keyword) {
        detail["error"] = "Content blocked: keyword '" + rule.name + "' detected";
        detail["keyword"] = rule.name;
        if (!rule.description.empty()) detail["description"] = rule.description;
    } else {
        detail["error"] = "Content blocked: " + rule.name + " pattern detected";
        detail["pattern"] = rule.name;
    }
    return json::serialize(detail);
}

class ContentFilter : public bay::Guardrail {
  public:
    static constexpr char id[] = "content-filter";
    ContentFilter(std::string_view config, bay::Diag& diag)
        : filter_(read_rules(config, diag)), detail_(detail_of) {}
    std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
        return std::make_unique<text_filter::Check>(filter_, detail_);
    }

  private:
    text_filter::Filter filter_;
    text_filter::Check::Detail detail_;
};

}  // namespace
}  // namespace patchbay::content_filter

BAY_PLUGIN(bay::Guardrails<patchbay::content_filter::ContentFilter>)
