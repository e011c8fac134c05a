// Where a played machine's results go: the gateway ends a call whose answer nobody could read.
#pragma once

#include <string_view>

#include "contract/actions/results.hpp"

namespace patchbay::transcript {

/// Keeps of all results whether one was none: for the gateway that ends the call.
class JudgedResults final : public Results {
  public:
    /// `takes_bytes`: the operation's answer is bytes.
    explicit JudgedResults(bool takes_bytes) : takes_bytes_(takes_bytes) {}
    bool takes_bytes() const override { return takes_bytes_; }
    void result(std::string_view, const AnswerFacts& facts) override { objects_ &= facts.object; }
    void chunk(std::string_view, std::string_view, const AnswerFacts& facts) override {
        objects_ &= facts.object;
    }
    void usage(const Usage&) override {}
    /// Every answer and every chunk so far was a JSON object.
    bool objects() const { return objects_; }

  private:
    bool takes_bytes_;
    bool objects_ = true;
};

}  // namespace patchbay::transcript
