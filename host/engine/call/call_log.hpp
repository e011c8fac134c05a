// What is kept of a call for the log sinks, and how it leaves the worker.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "contract/error.hpp"
#include "engine/records/call_record.hpp"

namespace patchbay {

class Call;
struct Ask;
class Restamped;

/// The request and the answer of one call, as they are for log sinks; at most CallRecord::kMaxText
/// of each. Exists only while there is a sink that wants the call.
class CallLog {
  public:
    /// nullptr if no sink is configured, or the request, which was read, says `no-log`. Part of the
    /// call.
    static std::unique_ptr<CallLog> make(const Call& call);

    void result(const Restamped& json);
    void chunk(std::string_view json);
    /// Forgets the answer so far: another attempt begins.
    void restart() {
        answer_.clear();
        too_large_ = false;
    }

    /// Hands the call over: before the last byte of its answer is sent, so that whoever has the
    /// answer can rely on the record. `error` is nullptr for success. Guardrails that look at
    /// records are asked later (log_guard.hpp). What finds no room is dropped and counted. Once.
    void write(const Call& call, const Error* error);

  private:
    explicit CallLog(const Ask& ask) : ask_(ask) {}
    void keep(std::string_view text);
    boost::json::object facts(const Call& call, const Error* error) const;

    const Ask& ask_;
    std::string answer_;
    bool too_large_ = false;
};

}  // namespace patchbay
