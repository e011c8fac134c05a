// The verdict of a guardrail, checked against the question.
#include <algorithm>
#include <utility>

#include <simdjson.h>

#include "contract/actions/abi_values.hpp"
#include "contract/actions/recorder.hpp"

namespace patchbay {

bay_status Recorder::record_verdict(const bay_verdict& given) {
    if (finished_ || !asked_ || verdict_) return BAY_E_STATE;
    Verdict verdict;
    if (given.decision >= BAY_ALLOW && given.decision <= BAY_HOLD) {
        verdict.decision = static_cast<Decision>(given.decision);
    }
    const bool may_hold = asked_->stream && !asked_->last;
    if (verdict.decision == Decision::hold && !may_hold) return BAY_E_INVALID;
    const std::size_t texts = std::min(view(given.reason).size(), kMaxBytes) +
                              std::min(view(given.json).size(), kMaxBytes);
    if (!room_for(texts)) return over("bytes of an exchange");
    kept_bytes_ += texts;
    verdict.reason = view(given.reason);
    if (verdict.decision == Decision::block && given.error) {
        verdict.error = to_error(complete(*given.error));
    }
    if (verdict.decision == Decision::modify) {
        verdict.json = view(given.json);
        if (!verdict.json.empty() && (asked_->stream || !valid_json(verdict.json))) {
            return BAY_E_INVALID;
        }
        if (given.edit_count > asked_->texts) return BAY_E_INVALID;
        if (given.edit_count > 0 && given.edits == nullptr) return BAY_E_INVALID;
        std::vector<bool> seen(asked_->texts);
        for (std::uint64_t i = 0; i < given.edit_count; ++i) {
            const bay_edit& edit = given.edits[i];
            if (edit.index >= asked_->texts || seen[edit.index] || (edit.hold != 0 && !may_hold)) {
                return BAY_E_INVALID;
            }
            seen[edit.index] = true;
            TextEdit& kept = verdict.edits.emplace_back();
            kept.index = edit.index;
            kept.hold = edit.hold;
            if (edit.text.ptr == nullptr) continue;
            const std::string_view text = view(edit.text);
            if (!room_for(text.size())) return over("bytes of an exchange");
            if (!simdjson::validate_utf8(text.data(), text.size())) return BAY_E_INVALID;
            kept_bytes_ += text.size();
            kept.text = text;
        }
    }
    verdict_ = std::make_unique<Verdict>(std::move(verdict));
    return BAY_OK;
}

}  // namespace patchbay
