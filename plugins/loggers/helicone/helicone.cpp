#include "helicone.hpp"

#include "log_request.hpp"
#include "patchbay/json_tree.hpp"
#include "shared/fan_out.hpp"
#include "shared/settings.hpp"

namespace patchbay::helicone {

namespace json = boost::json;

namespace {

class Delivery : public sink::FanOut {
  public:
    explicit Delivery(const Settings& settings) : settings_(settings) {}

  protected:
    std::optional<Call> call_of(const sink::Record& record) override {
        const char* path = is_claude(record) ? "/anthropic/v1/log" : "/oai/v1/log";
        return Call{settings_.base + path,
                    {{"authorization", settings_.authorization}},
                    json_tree::write(log_request(record, settings_.authorization))};
    }

  private:
    const Settings& settings_;
};

}  // namespace

Helicone::Helicone(std::string_view config, bay::Diag&) {
    const json::object object = sink::read_config(config);
    settings_.base = sink::url_of(sink::setting(object, "api_base"), "");
    settings_.authorization = "Bearer " + sink::setting(object, "api_key");
}

std::unique_ptr<bay::Exchange> Helicone::open(const bay_open_info&) {
    return std::make_unique<Delivery>(settings_);
}

}  // namespace patchbay::helicone
