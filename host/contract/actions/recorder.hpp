// The host's side of `bay_out`: records what a machine asks for during feed().
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "contract/actions/actions.hpp"
#include "contract/actions/egress.hpp"
#include "contract/actions/results.hpp"
#include "contract/actions/verdict.hpp"
#include "contract/failed.hpp"
#include "contract/shape/shape.hpp"
#include "patchbay/guardrail.h"

namespace patchbay {

/// What an exchange is for: which actions it may take, and what ends it.
enum class Role {
    provider,   ///< result(), done() or fail()
    refresh,    ///< computes a shared value: shared_put() or fail()
    guardrail,  ///< one verdict() for each question; fail()
    logger,     ///< done(), perhaps after retry_records(), or fail()
    realtime,   ///< a provider whose client is a WebSocket: done(), fail(), or all sockets closed
};

/// What a guardrail is being asked, as far as it bounds the answer.
struct Question {
    bool stream = false;  ///< holds are possible
    bool last = false;    ///< of a stream: no more
    std::size_t texts = 0;
};

/// One per exchange. Nothing here does I/O: actions that ask for something are kept for the driver,
/// results go to whoever collects them. Refuses what is not allowed with a status, at the
/// call, so that a plugin's mistake shows where it is made. Not thread-safe.
class Recorder {
  public:
    static constexpr std::size_t kMaxCalls = 64;             ///< http() per exchange, or question
    static constexpr std::size_t kMaxDetached = 16;          ///< of them detached
    static constexpr std::size_t kMaxPending = 64;           ///< recorded and not ended
    static constexpr std::size_t kMaxHeaders = 128;          ///< per call
    static constexpr std::size_t kMaxSegments = 4096;        ///< of a call's body
    static constexpr std::size_t kMaxBytes = 256u << 20;     ///< copied or encoded, per exchange
    static constexpr std::size_t kMaxNotes = 64;             ///< note() per exchange
    static constexpr std::size_t kMaxNoteBytes = 64u << 10;  ///< of all its notes

    static constexpr std::size_t kMaxSharedBytes = 1u << 20;  ///< key and value of one shared value
    static constexpr std::size_t kMaxUnsent = 128u << 20;     ///< results that were not sent on yet

    static constexpr std::size_t kMaxSockets = 8;             ///< ws_open() per exchange
    static constexpr std::size_t kMaxFrames = 4096;           ///< sent and not taken over yet
    static constexpr std::size_t kMaxFrameBytes = 64u << 20;  ///< of frames that wait to be sent

    /// `results` is where a provider's go, nullptr for every other role. `blob` is the client's
    /// request body (blob 0). Both must outlive this object. `shape` is that of the results.
    Recorder(Role role, Results* results, std::string_view blob, bool stream,
             const Shape& shape = kChatShape);
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    bay_out& out() { return out_; }
    Role role() const { return role_; }

    /// To be set before each feed(): some actions are allowed in some events only. `call` is that
    /// of the event, 0 if it has none; `live` says that it is the 2xx head of a main call whose
    /// body can be passed through.
    /// `under_way` is the number of actions that were taken and have not ended.
    void begin_event(std::uint32_t call, bool live, std::size_t under_way = 0);
    /// Can the 2xx body of a main call that is decoded so (BAY_DECODE_*) be passed through?
    bool passable(std::uint32_t decode) const;
    /// To be called before each feed() too: notes a close that the event tells of, and how many
    /// bytes the sockets still have to send.
    void begin_socket_event(const bay_event& event, std::size_t waiting);
    /// Bytes of blob 0.
    std::size_t body_size() const { return blob_.size(); }
    /// The next of the client's multipart parts: blob 1, 2 and so on. Must outlive this object.
    void add_part(std::string_view data) { parts_.push_back(data); }
    /// From now on calls must go to an origin of the list or to that of `base_url`. Both must
    /// outlive this object.
    void limit_egress(const EgressList& egress, std::string_view base_url) {
        egress_ = &egress;
        base_url_ = base_url;
    }
    /// Origins that were refused since this was last asked; with repeats, at most kMaxPending.
    std::vector<std::string>& denied() { return denied_; }
    /// The limit that an action went over; nullptr = none. Notes do not count: a note too many is
    /// refused and does no harm.
    const char* exceeded() const { return exceeded_; }
    /// The results so far were sent on.
    void sent() { unsent_ = 0; }
    /// Nobody looks at an action that was recorded so far any more, or at what it views.
    void forget_actions() {
        if (actions_.empty() && detached_.empty()) arena_.release();
    }

    /// The exchange is left unfinished: from now on only detached calls are recorded.
    void begin_cancel() { finished_ = cancelling_ = true; }
    /// The machine asked to be told when the exchange is left (BAY_WANT_CANCEL).
    bool wants_cancel() const { return wants_cancel_; }

    /// Opens a question to a guardrail; the verdict before is gone. With `idle`, which says that no
    /// call is under way, calls and bytes are counted from here.
    void ask(const Question& question, bool idle);
    /// The answer to the question; null while there is none.
    std::unique_ptr<Verdict>& verdict() { return verdict_; }

    std::vector<Action>& actions() { return actions_; }
    bool finished() const { return finished_; }
    /// True if the driver need not go on: the exchange is finished, or the question answered.
    bool settled() const { return finished_ || (asked_ && verdict_); }
    /// Set if the machine called fail().
    Failed& error() { return error_; }
    /// The call whose body is passed through; 0 = none.
    std::uint32_t passed_call() const { return passed_call_; }

    struct SharedPut {
        std::string value;
        std::uint32_t ttl_ms = 0;
    };
    std::optional<SharedPut>& shared_put() { return shared_put_; }
    struct SharedDrop {
        std::string key;
        std::string value;
    };
    std::vector<SharedDrop>& shared_drops() { return shared_drops_; }

    /// True if an answer is owed: the machine has not finished, or the question has no verdict.
    bool owing() const { return !finished_ && (role_ != Role::guardrail || (asked_ && !verdict_)); }

    /// Calls that outlive the exchange, since this was last asked.
    std::vector<HttpAction>& detached() { return detached_; }
    /// Calls the machine aborted since this was last asked.
    std::vector<std::uint32_t>& aborts() { return aborts_; }
    /// What the machine noted so far, in order; a key that came twice stands twice.
    std::vector<Note>& notes() { return notes_; }
    /// Records of the batch that a logger wants again.
    std::vector<std::uint32_t>& retries() { return retries_; }

  private:
    struct Slots;  // the functions behind bay_out, recorder.cpp
    static constexpr std::size_t kBlock =
        1024;  ///< what most calls to a provider take of the arena
    /// Copies; the caller has asked room_for() it.
    std::string_view keep(bay_str given);
    bool room_for(std::size_t bytes) const;
    bool pending_full() const;
    bay_status over(const char* limit) {
        exceeded_ = limit;
        return BAY_E_LIMIT;
    }
    bay_status take_result(bay_str json);
    bay_status record_head(std::int32_t status, const bay_kv* headers, std::uint64_t count);
    bay_status record_http(const bay_http_req& request);
    bay_status check_http(const bay_http_req& request);
    /// What get_extension() gives for an id of the host's own; nullptr for any other.
    static void* extension(const char* id);
    /// The bytes of a segment that names a blob; nullopt if there are none such.
    std::optional<std::string_view> range_of(const bay_seg& segment) const;
    std::size_t counted_bytes(const bay_http_req& request) const;
    bay_status record_note(std::string_view key, std::string_view json);
    bay_status record_verdict(const bay_verdict& given);
    bay_status record_want(std::uint32_t bits);
    bay_status record_ws_open(const bay_ws_req& request);
    bay_status record_ws_send(std::uint32_t call, std::uint32_t opcode, bay_str data);
    bay_status record_ws_close(std::uint32_t call, std::uint32_t code, bay_str reason);
    bool taken(std::uint32_t call) const;
    bay_status allowed(bool result_action) const;
    /// The client waits for a document, and there is none yet.
    bool owes_result() const;

    bay_out out_{};
    Role role_;
    Results* results_;
    const Shape& shape_;
    std::string_view blob_;
    std::vector<std::string_view> parts_;  ///< blobs 1..
    bool stream_;
    bool finished_ = false;
    bool answered_ = false;
    bool cancelling_ = false;
    bool wants_cancel_ = false;
    bool body_begun_ = false;
    bool head_told_ = false;
    bool empty_ =
        false;  ///< the status that was told allows no content (RFC 9110, 15.3.5 and 15.3.6)
    bool live_ = false;
    std::uint32_t event_call_ = 0;
    std::uint32_t passed_call_ = 0;
    std::size_t kept_bytes_ = 0;
    std::size_t under_way_ = 0;
    std::size_t unsent_ = 0;
    const EgressList* egress_ = nullptr;
    std::string_view base_url_;
    std::vector<std::string> denied_;
    const char* exceeded_ = nullptr;
    std::vector<Action> actions_;
    std::vector<HttpAction> detached_;
    std::size_t detached_count_ = 0;
    Failed error_;
    std::optional<SharedPut> shared_put_;
    std::vector<SharedDrop> shared_drops_;
    std::vector<std::uint32_t> aborts_;
    std::optional<Question> asked_;
    std::unique_ptr<Verdict> verdict_;
    std::vector<Note> notes_;
    std::size_t note_bytes_ = 0;
    std::vector<std::uint32_t> retries_;
    std::pmr::monotonic_buffer_resource arena_{kBlock};  ///< takes nothing before the first action
    boost::container::small_vector<std::uint32_t, 4> call_ids_;  ///< of the calls recorded so far

    /// A socket of the exchange; call 0 is the client's, once it is wanted.
    struct SocketState {
        std::uint32_t call = 0;
        bool closed = false;  ///< by the machine, or the event of its end was fed
    };
    SocketState* socket(std::uint32_t call);
    std::vector<SocketState> sockets_;
    std::size_t frames_ = 0;       ///< WsSendActions among actions_
    std::size_t frame_bytes_ = 0;  ///< of those, and of what the sockets still have to send
};

}  // namespace patchbay
