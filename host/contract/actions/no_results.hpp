// Results for those who only want to know what a recorder allows.
#pragma once

#include <string_view>

#include "contract/actions/results.hpp"

namespace patchbay {

/// Keeps nothing. A recorder with these results judges every action as it would for a client.
class NoResults final : public Results {
  public:
    /// `takes_bytes`: the operation's answer is bytes.
    explicit NoResults(bool takes_bytes) : takes_bytes_(takes_bytes) {}
    bool takes_bytes() const override { return takes_bytes_; }
    void result(std::string_view, const AnswerFacts&) override {}
    void chunk(std::string_view, std::string_view, const AnswerFacts&) override {}
    void usage(const Usage&) override {}

  private:
    bool takes_bytes_;
};

}  // namespace patchbay
