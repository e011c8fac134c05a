// Langfuse answers 207 and speaks of each event. The ids of events say whose they are, so the
// records behind the failed ones come again; Langfuse knows the events that it has by their ids.
#include "langfuse.hpp"

#include <unordered_map>

#include "patchbay/json_tree.hpp"
#include "shared/ids.hpp"
#include "shared/outcome.hpp"
#include "shared/settings.hpp"

namespace patchbay::langfuse {

namespace json = boost::json;

namespace {

class Delivery : public bay::Exchange {
  public:
    explicit Delivery(const Settings& settings) : settings_(settings) {}

    bay_status on_batch(const bay_ev_batch& batch, bay::Out out) override {
        const bay::Records records(batch);
        json::array events;
        for (std::uint64_t i = 0; i < records.size(); ++i) {
            const auto record = sink::read_record(records, i);
            if (!record) continue;
            tally_.add(record->index, record->id);
            for (json::object& event : events_of(*record, settings_.tags)) {
                owners_.emplace(sink::text(event, "id"), record->index);
                events.push_back(std::move(event));
            }
        }
        if (events.empty()) return out.done();
        const json::object body{{"batch", std::move(events)},
                                {"metadata",
                                 {{"sdk_name", "patchbay"},
                                  {"sdk_version", bay::Host::version()},
                                  {"batch_size", tally_.size()}}}};
        bay::HttpRequest call("POST", settings_.url);
        call.header("content-type", "application/json");
        call.header("authorization", settings_.authorization);
        const std::string text = json_tree::write(body);
        return call.flags(BAY_HTTP_REPEATABLE).body_view(text).send(out);
    }

    bay_status on_http_done(const bay_ev_http& answer, bay::Out out) override {
        if (const auto why = sink::refusal_of(answer)) return sink::fail(out, *why);
        const auto document = sink::parse(bay::sv(answer.data));
        const auto* errors = document ? sink::member(*document, "errors").if_array() : nullptr;
        if (!errors) {
            // A proxy's page with a good status, for one: only 207 owes an account of every event.
            if (answer.status != 207) return out.done();
            return out.fail(BAY_ERR_UPSTREAM, "the sink's answer cannot be read", answer.status);
        }
        for (const json::value& error : *errors) refused(error);
        return tally_.finish(out);
    }

  private:
    void refused(const json::value& error) {
        const auto* object = error.if_object();
        if (!object) return;
        const double status = sink::number(*object, "status").value_or(500);
        auto why = sink::refusal_of_status(
            status >= 100 && status < 1000 ? static_cast<std::int32_t>(status) : 500);
        // Of one event among others even 404 and 409 are about the event.
        if (is_about_the_event(why.status)) why.cls = BAY_ERR_BAD_REQUEST;
        const auto [begin, end] = owners_.equal_range(std::string(sink::text(*object, "id")));
        for (auto owner = begin; owner != end; ++owner) tally_.refused(owner->second, why);
        if (bay::Host::logs(BAY_LOG_DEBUG)) {
            bay::Host::log(BAY_LOG_DEBUG, "event " + std::string(sink::text(*object, "id")) + ": " +
                                              std::string(sink::text(*object, "message")));
        }
    }
    static bool is_about_the_event(std::int32_t status) {
        if (status < 400 || status >= 500) return false;
        return status != 401 && status != 402 && status != 403 && status != 408 && status != 425 &&
               status != 429;
    }

    const Settings& settings_;
    sink::Tally tally_;
    std::unordered_multimap<std::string, std::uint32_t> owners_;  ///< record of each event
};

}  // namespace

Langfuse::Langfuse(std::string_view config, bay::Diag&) {
    const json::object object = sink::read_config(config);
    settings_.url = sink::url_of(sink::setting(object, "host"), "/api/public/ingestion");
    settings_.authorization = "Basic " + sink::base64(sink::setting(object, "public_key") + ":" +
                                                      sink::setting(object, "secret_key"));
    settings_.tags.proxy_base_url = sink::setting(object, "proxy_base_url");
    if (const auto* names = sink::member(object, "default_tags").if_array()) {
        for (const json::value& name : *names) settings_.tags.names.emplace_back(name.get_string());
    }
}

std::unique_ptr<bay::Exchange> Langfuse::open(const bay_open_info&) {
    return std::make_unique<Delivery>(settings_);
}

}  // namespace patchbay::langfuse
