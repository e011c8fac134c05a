// The recorder's part for verdicts of guardrails.
#include <set>
#include <utility>

#include <boost/json.hpp>

#include "action_fields.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/sdk/text.hpp"
#include "recorder.hpp"

namespace patchbay::transcript {
namespace {

using bay::sv;

constexpr const char* kDecisions[] = {"", "allow", "block", "modify", "hold"};

std::string text(bay_str s) {
    return std::string(sv(s));
}

}  // namespace

const char* Recorder::fault_of(const bay_verdict& given) const {
    if (kind_ != Kind::guardrail || refresh) return "only a guardrail gives verdicts";
    if (!question_) return "nothing was asked";
    if (verdict) return "a second verdict";
    if (given.decision == BAY_HOLD && !question_->may_hold) return "no hold is possible here";
    if (given.decision != BAY_MODIFY) return nullptr;
    if (given.json.len != 0 && question_->stream) return "a window has no document";
    if (given.json.len != 0 && !is_json(sv(given.json))) return "its document is not JSON";
    std::set<std::uint64_t> seen;
    for (std::uint64_t i = 0; i < given.edit_count; ++i) {
        const bay_edit& edit = given.edits[i];
        if (edit.index >= question_->paths.size()) return "there is no text of that index";
        if (!seen.insert(edit.index).second) return "two edits of one text";
        if (edit.hold != 0 && !question_->may_hold) return "no hold is possible here";
        if (bay::present(edit.text) && !json_tree::is_utf8(sv(edit.text)))
            return "its text is not UTF-8";
    }
    return nullptr;
}

bay_status Recorder::record_verdict(const bay_verdict& given) {
    // An unknown decision of a newer plugin is a block.
    const std::uint32_t decision = given.decision >= BAY_ALLOW && given.decision <= BAY_HOLD
                                       ? given.decision
                                       : std::uint32_t{BAY_BLOCK};
    Action action{.kind = "verdict", .key = kDecisions[decision]};
    const char* fault = fault_of(given);
    if (fault) {
        action.text = fault;
        return record(std::move(action), false);
    }
    Verdict taken;
    taken.decision = static_cast<Decision>(decision);
    taken.reason = text(given.reason);
    if (!taken.reason.empty()) action.fields["reason"] = taken.reason;
    if (decision == BAY_BLOCK && given.error) {
        const bay::Whole<bay_error> error(given.error, given.error->size);
        action.fields["error"] = verdict_error_fields(*error);
    }
    if (decision == BAY_MODIFY) {
        taken.json = text(given.json);
        if (!taken.json.empty()) action.fields["json"] = json_tree::read(taken.json).value;
        boost::json::array edits;
        for (std::uint64_t i = 0; i < given.edit_count; ++i) {
            const bay_edit& edit = given.edits[i];
            TextEdit& kept = taken.edits.emplace_back();
            kept.index = edit.index;
            kept.hold = edit.hold;
            if (bay::present(edit.text)) kept.text = text(edit.text);
            boost::json::object shown{{"index", edit.index},
                                      {"path", question_->paths[edit.index]},
                                      {"text", nullptr},
                                      {"hold", edit.hold}};
            if (kept.text) shown["text"] = *kept.text;
            edits.push_back(std::move(shown));
        }
        action.fields["edits"] = std::move(edits);
    }
    const bay_status status = record(std::move(action));
    if (status == BAY_OK) verdict = std::move(taken);
    return status;
}

}  // namespace patchbay::transcript
