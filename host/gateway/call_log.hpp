// What is kept of a call for the log sinks, and how it leaves the worker.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "engine/error.hpp"
#include "engine/records/call_record.hpp"

namespace patchbay::gateway {

struct Call;
struct ChatRequest;

/// The request and the answer of one call, as they are for log sinks; at most CallRecord::kMaxText
/// of each. Exists only while there is a sink that wants the call.
class CallLog {
  public:
    /// nullptr if no sink is configured, or the request says `no-log`. `chat` must outlive it.
    static std::unique_ptr<CallLog> make(const Call& call, const ChatRequest& chat);

    void result(std::string_view json) { keep(json); }
    void chunk(std::string_view json);
    /// Forgets the answer so far: another attempt begins.
    void restart() {
        answer_.clear();
        too_large_ = false;
    }

    /// Hands the call over, once: before the last byte of its answer is sent, so that whoever has
    /// the answer can rely on the record. `error` is nullptr for success. logging_only guardrails
    /// are asked first. What finds no room is dropped and counted.
    boost::asio::awaitable<void> finish(Call& call, const Error* error);
    /// Hands over a call that is left in the middle, unless it was handed over: nobody is asked, so
    /// if there is a logging_only guardrail no text is shown.
    void abandon(Call& call);

  private:
    explicit CallLog(const ChatRequest& chat) : chat_(chat) {}
    void keep(std::string_view text);
    boost::json::object facts(const Call& call, const Error* error) const;
    void write(Call& call, boost::json::object facts, std::string_view request,
               std::string_view answer);

    const ChatRequest& chat_;
    std::string answer_;
    bool too_large_ = false;
    bool written_ = false;
};

}  // namespace patchbay::gateway
