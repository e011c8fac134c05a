// SPDX-License-Identifier: Apache-2.0
// Builds a bay_verdict. Everything given as text is kept by the builder.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "out.hpp"

namespace bay {

/// The answer to one INSPECT:
///
///     return Verdict().send(out);                                   // allow
///     return Verdict().block(R"({"error":"Violated policy"})").send(out);
///     Verdict verdict;
///     verdict.edit(i, masked, hold);                                // any number; makes it MODIFY
///     return verdict.send(out);
class Verdict {
  public:
    Verdict() {
        verdict_.size = sizeof verdict_;
        verdict_.decision = BAY_ALLOW;
    }

    /// New text for texts[index], but for its last `hold` bytes, which are not released.
    Verdict& edit(std::uint64_t index, std::string_view text, std::uint64_t hold = 0) {
        edits_.push_back(bay_edit{index, str(keep(text)), hold});
        verdict_.decision = BAY_MODIFY;
        return *this;
    }
    /// Leaves texts[index] as it is but for its last `hold` bytes, which are not released.
    Verdict& hold(std::uint64_t index, std::uint64_t hold) {
        edits_.push_back(bay_edit{index, bay_str{nullptr, 0}, hold});
        verdict_.decision = BAY_MODIFY;
        return *this;
    }
    /// The whole document instead of edits; not for a stream.
    Verdict& replace(std::string_view json) {
        verdict_.json = str(keep(json));
        verdict_.decision = BAY_MODIFY;
        return *this;
    }
    /// Release nothing yet; not for the last window.
    Verdict& hold_all() {
        verdict_.decision = BAY_HOLD;
        return *this;
    }
    /// `message` is what the client is told: a sentence, or a JSON object, LiteLLM's error detail.
    Verdict& block(std::string_view message, std::int32_t http_status = 400) {
        verdict_.decision = BAY_BLOCK;
        error_.size = sizeof error_;
        error_.cls = BAY_ERR_CONTENT_POLICY;
        error_.http_status = http_status;
        error_.message = str(keep(message));
        blocked_ = true;
        return *this;
    }
    /// For logs: which rule decided; no user text.
    Verdict& reason(std::string_view text) {
        verdict_.reason = str(keep(text));
        return *this;
    }

    bay_status send(Out out) {
        verdict_.edits = edits_.data();
        verdict_.edit_count = edits_.size();
        verdict_.error = blocked_ ? &error_ : nullptr;
        return out.verdict(verdict_);
    }

  private:
    std::string_view keep(std::string_view text) { return kept_.emplace_back(text); }

    bay_verdict verdict_{};
    bay_error error_{};
    bool blocked_ = false;
    std::deque<std::string> kept_;
    std::vector<bay_edit> edits_;
};

/// The texts of a question as an array that range-for takes.
class Texts {
  public:
    explicit Texts(const bay_ev_inspect& question) noexcept
        : begin_(question.texts), count_(question.text_count) {}
    const bay_text* begin() const noexcept { return begin_; }
    const bay_text* end() const noexcept { return begin_ + count_; }
    std::uint64_t size() const noexcept { return count_; }
    const bay_text& operator[](std::uint64_t index) const noexcept { return begin_[index]; }

  private:
    const bay_text* begin_;
    std::uint64_t count_;
};

}  // namespace bay
