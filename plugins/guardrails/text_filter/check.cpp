#include "check.hpp"

#include <boost/json.hpp>

namespace patchbay::text_filter {

bay_status Check::on_inspect(const bay_ev_inspect& question, bay::Out out) {
    const bool stream = question.stage == BAY_STAGE_STREAM;
    const bool more = stream && !(question.flags & BAY_INSPECT_LAST);
    if (question.window == 1) before_.clear();
    bay::Verdict verdict;
    std::map<std::string, int> counts;
    const bay::Texts texts(question);
    for (std::uint64_t i = 0; i < texts.size(); ++i) {
        const std::string_view text = bay::sv(texts[i].text).substr(texts[i].fixed);
        char none = 0;
        char& before = stream ? before_[std::string(bay::sv(texts[i].path))] : none;
        const Filtered filtered = filter_.run(text, before, more, counts);
        if (filtered.block) {
            return verdict.block(detail_(*filtered.block))
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
        boost::json::object all;
        for (const auto& [name, count] : counts) all[name] = count;
        out.note("masked_entity_count", boost::json::serialize(all));
    }
    return verdict.send(out);
}

}  // namespace patchbay::text_filter
