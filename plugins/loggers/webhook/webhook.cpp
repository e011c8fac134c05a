#include "webhook.hpp"

#include "patchbay/json_tree.hpp"
#include "shared/fan_out.hpp"
#include "shared/outcome.hpp"
#include "shared/payload.hpp"

namespace patchbay::webhook_sink {

namespace json = boost::json;

namespace {

/// The whole batch in one call.
class Whole : public bay::Exchange {
  public:
    explicit Whole(const Settings& settings) : settings_(settings) {}

    bay_status on_batch(const bay_ev_batch& batch, bay::Out out) override {
        const bay::Records records(batch);
        const bool array = settings_.format == Format::json_array;
        std::string body = array ? "[" : "";
        bool any = false;
        for (std::uint64_t i = 0; i < records.size(); ++i) {
            // Read, so that one record that is no JSON does not spoil the body for all.
            if (!settings_.wants(records.failed(i)) || !sink::read_record(records, i)) continue;
            if (any && array) body += ',';
            body += records.json(i);
            if (!array) body += '\n';
            any = true;
        }
        if (!any) return out.done();
        if (array) body += ']';
        bay::HttpRequest call("POST", settings_.url);
        call.header("content-type", array ? "application/json" : "application/x-ndjson");
        for (const auto& [name, value] : settings_.headers) call.header(name, value);
        return call.flags(BAY_HTTP_REPEATABLE).body_view(body).send(out);
    }

    bay_status on_http_done(const bay_ev_http& answer, bay::Out out) override {
        if (const auto why = sink::refusal_of(answer)) return sink::fail(out, *why);
        return out.done();
    }

  private:
    const Settings& settings_;
};

/// A call for each record.
class Single : public sink::FanOut {
  public:
    explicit Single(const Settings& settings) : settings_(settings) {}

  protected:
    std::optional<Call> call_of(const sink::Record& record) override {
        if (!settings_.wants(record.failed)) return std::nullopt;
        return Call{settings_.url, settings_.headers, json_tree::write(record.payload)};
    }

  private:
    const Settings& settings_;
};

}  // namespace

Webhook::Webhook(std::string_view config, bay::Diag& diag) {
    const json::object object = sink::read_config(config);
    settings_.url = sink::setting(object, "endpoint");
    settings_.headers = sink::read_headers(object, false, diag);
    const std::string format = sink::setting(object, "log_format");
    if (format == "ndjson") settings_.format = Format::ndjson;
    if (format == "single") settings_.format = Format::single;
    if (const auto* types = object.if_contains("event_types")) {
        settings_.successes = false;
        settings_.failures = false;
        for (const json::value& type : types->as_array()) {
            (type == "llm_api_success" ? settings_.successes : settings_.failures) = true;
        }
    }
}

std::unique_ptr<bay::Exchange> Webhook::open(const bay_open_info&) {
    if (settings_.format == Format::single) return std::make_unique<Single>(settings_);
    return std::make_unique<Whole>(settings_);
}

}  // namespace patchbay::webhook_sink
