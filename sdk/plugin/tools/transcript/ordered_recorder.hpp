// The bay_out of the player: the gateway's recorder, whose every judgement is written down.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "action.hpp"
#include "contract/actions/recorder.hpp"

namespace patchbay::transcript {

/// What the gateway's recorder takes and refuses, it takes and refuses; and all of it stands in
/// `written`, in the order in which the machine did it. Not thread-safe.
class OrderedRecorder final : public Recorder {
  public:
    /// As Recorder's.
    OrderedRecorder(Role role, Results* results, std::string_view blob, bool stream,
                    const Shape& shape);

    /// For feed(). Use this one: what is done with the base's out() is not written down.
    bay_out& out() { return out_; }
    /// The recorder that has this out().
    static OrderedRecorder& of(const bay_out& out) {
        // It is the base, as the host's own extensions expect of it.
        return static_cast<OrderedRecorder&>(*static_cast<Recorder*>(out.ctx));
    }
    /// As Recorder::ask(), about texts with these paths.
    void ask(std::vector<std::string> paths, bool stream, bool last, bool idle);
    /// As Recorder::begin_cancel().
    void begin_cancel();
    /// So many records are in the batch; 0 before this.
    void set_batch(std::size_t records) { records_ = records; }
    /// To be called after each feed(): the player does what it finds in `written`, so the recorder
    /// need not keep it, and counts from here.
    void hand_over();

    /// Marks of the player stand between the machine's actions. Only the player shortens it.
    std::vector<Action> written;

  private:
    struct Slots;
    /// Writes down `action`, which the gateway's recorder answered with `status`, and returns that.
    bay_status write(bay_status status, Action action);
    bay_status write_http(bay_status status, const bay_http_req* request);
    bay_status write_socket(bay_status status, const bay_ws_req* request);
    bay_status write_body(bay_status status, bay_str type, bay_str bytes);
    bay_status write_verdict(bay_status status, const bay_verdict* given);
    bay_status write_retries(bay_status status, const std::uint32_t* index, std::uint64_t count);
    /// Why an action was refused, for the reader of a failed transcript.
    std::string reason(bay_status status) const;

    bay_out out_;
    bool cancelled_ = false;
    std::size_t records_ = 0;
    std::vector<std::string> paths_;  ///< of the texts that were asked about
};

}  // namespace patchbay::transcript
