// The guardrail "content-filter": blocks or masks what patterns and word lists find.
#include <map>
#include <memory>
#include <string>

#include <boost/json.hpp>

#include "rules.hpp"

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

/// One request: remembers what stood in front of the text that each channel of a stream holds.
class Check : public bay::Exchange {
  public:
    explicit Check(const Filter& filter) : filter_(filter) {}

    bay_status on_inspect(const bay_ev_inspect& question, bay::Out out) override {
        const bool stream = question.stage == BAY_STAGE_STREAM;
        const bool more = stream && !(question.flags & BAY_INSPECT_LAST);
        if (question.window == 1) before_.clear();
        bay::Verdict verdict;
        std::map<std::string, int> counts;
        const bay::Texts texts(question);
        for (std::uint64_t i = 0; i < texts.size(); ++i) {
            const std::string_view text = bay::sv(texts[i].text).substr(texts[i].fixed);
            char& before = before_[std::string(bay::sv(texts[i].path))];
            if (!stream) before = 0;
            const Filtered filtered = filter_.run(text, before, more, counts);
            if (filtered.block) {
                return verdict.block(detail_of(*filtered.block))
                    .reason("rule " + filtered.block->name)
                    .send(out);
            }
            const std::size_t decided = text.size() - filtered.held;
            if (decided > 0) before = text[decided - 1];
            if (filtered.changed) {
                verdict.edit(i, filtered.text, filtered.held);
            } else if (filtered.held > 0) {
                verdict.hold(i, filtered.held);
            }
        }
        if (!counts.empty()) {
            json::object all;
            for (const auto& [name, count] : counts) all[name] = count;
            out.note("masked_entity_count", json::serialize(all));
        }
        return verdict.send(out);
    }

  private:
    const Filter& filter_;
    std::map<std::string, char> before_;
};

class ContentFilter : public bay::Guardrail {
  public:
    static constexpr char id[] = "content-filter";
    ContentFilter(std::string_view config, bay::Diag& diag) : filter_(read_rules(config, diag)) {}
    std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
        return std::make_unique<Check>(filter_);
    }

  private:
    Filter filter_;
};

}  // namespace
}  // namespace patchbay::content_filter

BAY_PLUGIN(bay::Guardrails<patchbay::content_filter::ContentFilter>)
