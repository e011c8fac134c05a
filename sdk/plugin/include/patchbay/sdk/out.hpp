// SPDX-License-Identifier: Apache-2.0
// Typed view of bay_out: where a machine's actions go.
#pragma once

#include "text.hpp"

namespace bay {

/// Fields of bay_error as views; only `cls` and `message` are needed.
struct Error {
    std::uint32_t cls = BAY_ERR_UNKNOWN;
    std::string_view message;
    std::string_view type;  ///< empty = the host's for `cls`
    std::string_view code;
    std::string_view param;
    std::int32_t http_status = 0;  ///< for the client; 0 = from `cls`
    std::int32_t upstream_status = 0;
    std::uint32_t retry = BAY_RETRY_BY_CLASS;
    std::uint32_t retry_after_ms = 0;
    std::string_view upstream_body;
};

/// Valid only inside the call that got it, like the bay_out it stands for; copy it freely there.
/// Every function records and returns at once: BAY_OK, or why the host refused. A slot that an
/// older host does not have gives BAY_E_UNSUPPORTED. Everything passed in is copied by the host.
class Out {
  public:
    explicit Out(bay_out* out) noexcept : out_(out) {}

// A call through a slot if the host's table has it.
#define BAY_OUT_CALL_(slot, ...)                                                \
    (BAY_HAS(out_->size, bay_out, slot) && out_->slot ? out_->slot(__VA_ARGS__) \
                                                      : bay_status{BAY_E_UNSUPPORTED})

    /// Starts a call; see HttpRequest for a builder.
    bay_status http(const bay_http_req& request) {
        return BAY_OUT_CALL_(http, out_, &request);
    }
    bay_status http_abort(std::uint32_t call) {
        return BAY_OUT_CALL_(http_abort, out_, call);
    }
    bay_status shared_get(std::string_view key) {
        return BAY_OUT_CALL_(shared_get, out_, str(key));
    }
    bay_status shared_put(std::string_view value, std::uint32_t ttl_ms) {
        return BAY_OUT_CALL_(shared_put, out_, str(value), ttl_ms);
    }
    bay_status shared_drop(std::string_view key, std::string_view value) {
        return BAY_OUT_CALL_(shared_drop, out_, str(key), str(value));
    }
    bay_status timer(std::uint32_t timer, std::uint32_t after_ms) {
        return BAY_OUT_CALL_(timer, out_, timer, after_ms);
    }
    /// BAY_WANT_* bits.
    bay_status want(std::uint32_t bits) {
        return BAY_OUT_CALL_(want, out_, bits);
    }

    bay_status note(std::string_view key, std::string_view json) {
        return BAY_OUT_CALL_(note, out_, str(key), str(json));
    }
    bay_status fail(const Error& e) {
        bay_error error{};
        error.size = sizeof error;
        error.cls = e.cls;
        error.http_status = e.http_status;
        error.retry = e.retry;
        error.retry_after_ms = e.retry_after_ms;
        error.upstream_status = e.upstream_status;
        error.message = str(e.message);
        error.type = str(e.type);
        error.code = str(e.code);
        error.param = str(e.param);
        error.upstream_body = str(e.upstream_body);
        return BAY_OUT_CALL_(fail, out_, &error);
    }
    bay_status fail(std::uint32_t cls, std::string_view message, std::int32_t upstream_status = 0,
                    std::string_view upstream_body = {}) {
        Error error;
        error.cls = cls;
        error.message = message;
        error.upstream_status = upstream_status;
        error.upstream_body = upstream_body;
        return fail(error);
    }
    bay_status done() {
        return BAY_OUT_CALL_(done, out_);
    }

    bay_status result(std::string_view json) {
        return BAY_OUT_CALL_(result, out_, str(json));
    }
    bay_status chunk(std::string_view json) {
        return BAY_OUT_CALL_(chunk, out_, bay_str{nullptr, 0}, str(json));
    }
    /// With an event name, for the Responses API.
    bay_status chunk(std::string_view event, std::string_view json) {
        return BAY_OUT_CALL_(chunk, out_, str(event), str(json));
    }
    bay_status body(std::string_view content_type, std::string_view bytes) {
        return BAY_OUT_CALL_(body, out_, str(content_type), str(bytes));
    }
    /// `size` need not be set.
    bay_status usage(bay_usage usage) {
        usage.size = sizeof usage;
        return BAY_OUT_CALL_(usage, out_, &usage);
    }
    bay_status pass_through(std::uint32_t call) {
        return BAY_OUT_CALL_(pass_through, out_, call);
    }

#if BAY_TARGET_MINOR >= 3
    /// The answer's own status (200 to 299) and headers, names in lower case; before the answer.
    bay_status head(std::int32_t status, const bay_kv* headers, std::uint64_t count) {
        return BAY_OUT_CALL_(head, out_, status, headers, count);
    }
#endif

    bay_status ws_open(const bay_ws_req& request) {
        return BAY_OUT_CALL_(ws_open, out_, &request);
    }
    /// call 0 sends to the client.
    bay_status ws_send(std::uint32_t call, std::uint32_t opcode, std::string_view data) {
        return BAY_OUT_CALL_(ws_send, out_, call, opcode, str(data));
    }
    bay_status ws_close(std::uint32_t call, std::uint32_t code, std::string_view reason) {
        return BAY_OUT_CALL_(ws_close, out_, call, code, str(reason));
    }

    bay_status verdict(const bay_verdict& verdict) {
        return BAY_OUT_CALL_(verdict, out_, &verdict);
    }
    bay_status retry_records(const std::uint32_t* index, std::uint64_t count) {
        return BAY_OUT_CALL_(retry_records, out_, index, count);
    }
#undef BAY_OUT_CALL_

    /// Actions of a kind this header does not know; nullptr if this host has none.
    template <class T>
    T* extension(const char* id) {
        if (!BAY_HAS(out_->size, bay_out, get_extension) || !out_->get_extension) return nullptr;
        return static_cast<T*>(out_->get_extension(out_, id));
    }

    bay_out* raw() const noexcept {
        return out_;
    }

  private:
    bay_out* out_;
};

}  // namespace bay
