// Lunary answers 200 with {"results": [{"id", "success", "error"}]}; the ids are those of runs.
#include "lunary.hpp"

#include <unordered_map>

#include "events.hpp"
#include "patchbay/json_tree.hpp"
#include "shared/outcome.hpp"
#include "shared/settings.hpp"

namespace patchbay::lunary {

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
            owners_.emplace(run_id(*record), record->index);
            for (json::object& event : events_of(*record)) events.push_back(std::move(event));
        }
        if (events.empty()) return out.done();
        const std::string text = json_tree::write(json::object{{"events", std::move(events)}});
        bay::HttpRequest call("POST", settings_.url);
        call.header("content-type", "application/json").bearer(settings_.key);
        return call.flags(BAY_HTTP_REPEATABLE).body_view(text).send(out);
    }

    bay_status on_http_done(const bay_ev_http& answer, bay::Out out) override {
        if (const auto why = sink::refusal_of(answer)) return sink::fail(out, *why);
        const auto document = sink::parse(bay::sv(answer.data));
        const auto* results = document ? sink::member(*document, "results").if_array() : nullptr;
        if (!results) return out.done();
        for (const json::value& result : *results) {
            const json::value& success = sink::member(result, "success");
            if (!success.is_bool() || success.get_bool()) continue;
            const std::string id(sink::text(result, "id"));
            const sink::Refusal why{BAY_ERR_UPSTREAM, answer.status, 0,
                                    "the sink did not take the events"};
            const auto [begin, end] = owners_.equal_range(id);
            for (auto owner = begin; owner != end; ++owner) tally_.refused(owner->second, why);
            if (bay::Host::logs(BAY_LOG_DEBUG)) {
                bay::Host::log(BAY_LOG_DEBUG,
                               "run " + id + ": " + std::string(sink::text(result, "error")));
            }
        }
        return tally_.finish(out);
    }

  private:
    const Settings& settings_;
    sink::Tally tally_;
    std::unordered_multimap<std::string, std::uint32_t> owners_;  ///< record of each run
};

}  // namespace

Lunary::Lunary(std::string_view config, bay::Diag&) {
    const json::object object = sink::read_config(config);
    settings_.url = sink::url_of(sink::setting(object, "api_url"), "/v1/runs/ingest");
    settings_.key = sink::setting(object, "public_key");
}

std::unique_ptr<bay::Exchange> Lunary::open(const bay_open_info&) {
    return std::make_unique<Delivery>(settings_);
}

}  // namespace patchbay::lunary
