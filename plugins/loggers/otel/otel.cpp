#include "otel.hpp"

#include <charconv>

#include "attributes.hpp"
#include "patchbay/json_tree.hpp"
#include "shared/outcome.hpp"
#include "spans.hpp"

namespace patchbay::otel {

namespace json = boost::json;

namespace {

// A 64-bit number is a text in OTLP's JSON; a number is taken too.
std::int64_t count_of(const json::value& value) {
    if (value.is_int64()) return value.get_int64();
    const auto* text = value.if_string();
    std::int64_t count = 0;
    if (text) std::from_chars(text->data(), text->data() + text->size(), count);
    return count;
}

class Export : public bay::Exchange {
  public:
    explicit Export(const Settings& settings) : settings_(settings) {}

    bay_status on_batch(const bay_ev_batch& batch, bay::Out out) override {
        const bay::Records records(batch);
        json::array spans;
        for (std::uint64_t i = 0; i < records.size(); ++i) {
            const auto record = sink::read_record(records, i);
            if (!record) continue;
            for (json::object& span : spans_of(*record)) spans.push_back(std::move(span));
        }
        if (spans.empty()) return out.done();
        const json::object scope{{"name", "patchbay"}, {"version", bay::Host::version()}};
        const json::object scoped{{"scope", scope}, {"spans", std::move(spans)}};
        const json::object resource{{"resource", settings_.resource},
                                    {"scopeSpans", json::array{scoped}}};
        const std::string body =
            json_tree::write(json::object{{"resourceSpans", json::array{resource}}});
        bay::HttpRequest call("POST", settings_.url);
        call.header("content-type", "application/json");
        for (const auto& [name, value] : settings_.headers) call.header(name, value);
        return call.flags(BAY_HTTP_REPEATABLE).body_view(body).send(out);
    }

    bay_status on_http_done(const bay_ev_http& answer, bay::Out out) override {
        if (const auto why = sink::refusal_of(answer)) return sink::fail(out, *why);
        // OTLP: what is rejected in a partial success must not be sent again, and which spans
        // they were is not said.
        const auto document = sink::parse(bay::sv(answer.data));
        if (document) {
            const json::value& partial = sink::member(*document, "partialSuccess");
            const std::int64_t rejected = count_of(sink::member(partial, "rejectedSpans"));
            if (rejected > 0) {
                bay::Host::log(BAY_LOG_WARN, "the collector rejected " + std::to_string(rejected) +
                                                 " spans for good");
            }
            const std::string_view message = sink::text(partial, "errorMessage");
            if (!message.empty() && bay::Host::logs(BAY_LOG_DEBUG)) {
                bay::Host::log(BAY_LOG_DEBUG, "the collector says: " + std::string(message));
            }
        }
        return out.done();
    }

  private:
    const Settings& settings_;
};

}  // namespace

Otel::Otel(std::string_view config, bay::Diag& diag) {
    const json::object object = sink::read_config(config);
    settings_.url = sink::url_of(sink::setting(object, "endpoint"), "/v1/traces");
    settings_.headers = sink::read_headers(object, true, diag);
    Attributes attributes;
    attributes.text("service.name", sink::setting(object, "service_name"));
    attributes.text("deployment.environment.name", sink::setting(object, "deployment_environment"));
    attributes.text("telemetry.sdk.language", "cpp");
    attributes.text("telemetry.sdk.name", "patchbay");
    attributes.text("telemetry.sdk.version", bay::Host::version());
    settings_.resource = {{"attributes", attributes.take()}};
}

std::unique_ptr<bay::Exchange> Otel::open(const bay_open_info&) {
    return std::make_unique<Export>(settings_);
}

}  // namespace patchbay::otel
