// Test support: recorders of each role, and a sink that writes down what they hand on.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/actions/recorder.hpp"
#include "contract/test_files.hpp"

namespace patchbay::test {

/// The body of every recorder's request.
inline constexpr std::string_view kBlob = R"({"model":"m"})";

/// Writes down what it is told.
class WrittenResults final : public Results {
  public:
    void result(std::string_view json, const AnswerFacts&) override {
        lines.push_back("result " + std::string(json));
    }
    void chunk(std::string_view event, std::string_view json, const AnswerFacts&) override {
        lines.push_back("chunk " + std::string(event) + std::string(json));
    }
    bool takes_bytes() const override { return wants_bytes; }
    void bytes(std::string_view content_type, std::string_view piece) override {
        lines.push_back("bytes " + std::string(content_type) + ":" + std::string(piece));
    }
    void usage(const Usage& usage) override { last_usage = usage; }

    std::vector<std::string> lines;
    bool wants_bytes = false;
    std::optional<Usage> last_usage;
};

class RecorderTest : public testing::Test {
  protected:
    bay_http_req http(std::uint32_t call = 1) const {
        bay_http_req r{};
        r.size = sizeof r;
        r.call = call;
        r.flags = BAY_HTTP_MAIN;
        r.method = str("POST");
        r.url = str("https://up.example/v1");
        return r;
    }
    static bay_status send(Recorder& r, const bay_http_req& request) {
        return r.out().http(&r.out(), &request);
    }
    static bay_status send_segment(Recorder& r, const bay_seg& segment, std::uint32_t call = 1) {
        bay_http_req request{};
        request.size = sizeof request;
        request.call = call;
        request.url = str("https://up.example/v1");
        request.body = &segment;
        request.body_count = 1;
        return r.out().http(&r.out(), &request);
    }
    static bay_seg blob(std::uint64_t off, std::uint64_t len, std::uint32_t number = 0) {
        return {BAY_SEG_BLOB, number, {nullptr, 0}, off, len};
    }

    WrittenResults sink;
    Recorder streamed{Role::provider, &sink, kBlob, true};
    Recorder whole{Role::provider, &sink, kBlob, false};
    Recorder refresh{Role::refresh, nullptr, {}, false};
};

}  // namespace patchbay::test
