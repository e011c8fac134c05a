// Helpers of this folder's tests: a bay_out that writes down what it is told.
#pragma once

#include <string>
#include <vector>

#include "contract/test_files.hpp"
#include "engine/plugins/plugin_set.hpp"
#include "patchbay/provider.h"

namespace patchbay::test {

/// Records actions as lines of text; every other slot of the table is NULL.
class RecordingOut {
  public:
    /// `blob0` is what BAY_SEG_BLOB segments refer to.
    explicit RecordingOut(std::string blob0) : blob0_(std::move(blob0)) {
        out_ = bay_out{};
        out_.size = sizeof out_;
        out_.ctx = this;
        out_.http = [](bay_out* o, const bay_http_req* request) noexcept -> bay_status {
            self(o).on_http(*request);
            return BAY_OK;
        };
        out_.done = [](bay_out* o) noexcept -> bay_status {
            self(o).actions.push_back("done");
            return BAY_OK;
        };
        out_.result = [](bay_out* o, bay_str text) noexcept -> bay_status {
            self(o).actions.push_back("result " + std::string(view(text)));
            return BAY_OK;
        };
        out_.fail = [](bay_out* o, const bay_error* error) noexcept -> bay_status {
            self(o).actions.push_back("fail " + std::to_string(error->cls) + " " +
                                      std::string(view(error->message)));
            return BAY_OK;
        };
        out_.pass_through = [](bay_out* o, uint32_t call) noexcept -> bay_status {
            self(o).actions.push_back("pass_through " + std::to_string(call));
            return BAY_OK;
        };
    }
    RecordingOut(const RecordingOut&) = delete;
    RecordingOut& operator=(const RecordingOut&) = delete;

    bay_out& out() { return out_; }
    std::vector<std::string> actions;

  private:
    static RecordingOut& self(bay_out* o) { return *static_cast<RecordingOut*>(o->ctx); }

    void on_http(const bay_http_req& request) {
        actions.push_back("http " + std::string(view(request.method)) + " " +
                          std::string(view(request.url)));
        for (uint64_t i = 0; i < request.header_count; ++i) {
            actions.push_back("header " + std::string(view(request.headers[i].name)) + ": " +
                              std::string(view(request.headers[i].value)));
        }
        std::string body;
        for (uint64_t i = 0; i < request.body_count; ++i) {
            const auto& seg = request.body[i];
            body += seg.kind == BAY_SEG_BYTES
                        ? std::string(view(seg.bytes))
                        : blob0_.substr(seg.off, seg.len != 0 ? seg.len : std::string::npos);
        }
        actions.push_back("body " + body);
    }

    std::string blob0_;
    bay_out out_;
};

}  // namespace patchbay::test
