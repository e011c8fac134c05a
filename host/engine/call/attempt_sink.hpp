// Reads what an answer costs, before anybody may withhold it, what the plugin left out, and when a
// stream says its first word.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/call/headroom.hpp"
#include "engine/call/left_out.hpp"
#include "engine/call/usage_account.hpp"
#include "engine/exchange/forwarding_sink.hpp"
#include "engine/lanes/lane_load.hpp"

namespace patchbay {

/// Is told when a stream says something for the first time; before the event goes on.
class FirstWord {
  public:
    virtual ~FirstWord() = default;
    virtual void spoke() = 0;
};

/// Stands between an exchange and what takes its results, for one attempt. The references must
/// outlive it; `left_out` gets the names that the plugin tells, `first` (null: nobody wants it) the
/// first word, of a stream of `shape`, `load` (null: nobody asks) what the provider says of its limits.
class AttemptSink final : public ForwardingSink {
  public:
    AttemptSink(UsageAccount& account, std::vector<std::string>& left_out, Sink& next,
                const Shape* shape = nullptr, FirstWord* first = nullptr, LaneLoad* load = nullptr)
        : ForwardingSink(next),
          account_(&account),
          left_out_(&left_out),
          shape_(shape),
          first_(first),
          load_(load) {}

    /// From now on nothing is told or goes on: the attempt has lost, and ends soon.
    void mute() { account_ = nullptr; }
    /// From now on these are told, in the place of those that it was made with.
    void tell(UsageAccount& account, std::vector<std::string>& left_out) {
        account_ = &account;
        left_out_ = &left_out;
    }

    void result(std::string_view json, const AnswerFacts& facts) override {
        if (!account_) return;
        account_->read_whole(json, facts);
        ForwardingSink::result(json, facts);
    }
    void chunk(std::string_view event, std::string_view json, const AnswerFacts& facts) override {
        if (!account_) return;
        account_->read_chunk(json, facts);
        if (first_ && shape_->meaningful(event, json)) std::exchange(first_, nullptr)->spoke();
        ForwardingSink::chunk(event, json, facts);
    }
    void unanswered(std::string_view json, const AnswerFacts& facts) override {
        if (account_) account_->read_whole(json, facts);
    }
    void upstream_head(int status, std::span<const http::Header> headers) override {
        if (const auto left = load_ ? headroom_in(headers) : std::nullopt) {
            load_->told_left(left->share, left->valid, Now::read());
        }
        ForwardingSink::upstream_head(status, headers);
    }
    void dropped(std::string_view json) override {
        if (account_) add_left_out(json, *left_out_);
    }
    void usage(const Usage& usage) override {
        if (account_) account_->report(usage);
    }

  private:
    UsageAccount* account_;
    std::vector<std::string>* left_out_;
    const Shape* shape_;
    FirstWord* first_;
    LaneLoad* load_;
};

}  // namespace patchbay
