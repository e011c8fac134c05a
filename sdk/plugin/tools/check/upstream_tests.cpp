// Tests with upstreams on a bad day: whatever comes, an exchange ends with fail() or an answer.
#include <algorithm>
#include <functional>
#include <random>

#include <boost/json.hpp>

#include "mutate.hpp"
#include "patchbay/provider.h"
#include "stage.hpp"

namespace patchbay::check {
namespace {

using transcript::Upstream;

constexpr std::size_t kMostCuts = 200;
constexpr int kGarbled = 60;

constexpr std::int32_t kStatuses[] = {204, 301, 400, 401, 402, 403, 404, 405, 408, 409, 413,
                                      415, 422, 429, 500, 501, 502, 503, 504, 529, 599};
constexpr const char* kBodies[] = {
    "",
    R"({"error":{"message":"m","type":"t","code":"c","param":null}})",
    R"({"error":"text"})",
    "<html><body>Bad gateway</body></html>",
    "[]",
    "null"};

constexpr struct {
    std::uint32_t failure;
    const char* name;
    bool without_response;  // may come instead of one, else only within one
} kFailures[] = {{BAY_FAIL_CONNECT, "CONNECT", true},  {BAY_FAIL_TIMEOUT, "TIMEOUT", true},
                 {BAY_FAIL_DENIED, "DENIED", true},    {BAY_FAIL_RESET, "RESET", true},
                 {BAY_FAIL_TIMEOUT, "TIMEOUT", false}, {BAY_FAIL_RESET, "RESET", false},
                 {BAY_FAIL_FRAMING, "FRAMING", false}, {BAY_FAIL_LIMIT, "LIMIT", false},
                 {BAY_FAIL_ABORTED, "ABORTED", false}, {99, "99 (of a newer host)", false}};

void must_end(Stage& stage, const Transcript& transcript, const std::string& how, Cuts cuts,
              Findings& findings) {
    if (findings.full()) return;
    const std::string fault = fault_of(stage.play(transcript, how, cuts));
    if (!fault.empty()) findings.problem(short_name(transcript) + ", " + how + ": " + fault);
}

// Calls `use` for every answer of every exchange that can be played.
void for_each_answer(
    const Subject& subject, Findings& findings,
    const std::function<void(Stage&, const Transcript&, std::size_t, const Upstream&)>& use) {
    on_stage(subject, findings, [&](Stage& stage) {
        for (const auto& [transcript, run] : stage.good()) {
            for (std::size_t i = 0; i < upstream_count(*transcript); ++i) {
                use(stage, *transcript, i, upstream_at(*transcript, i));
            }
        }
    });
}

void upstream_errors(const Subject& subject, Findings& findings) {
    for_each_answer(
        subject, findings,
        [&](Stage& stage, const Transcript& t, std::size_t i, const Upstream& good) {
            for (const std::int32_t status : kStatuses) {
                for (const char* body : kBodies) {
                    Upstream bad;
                    bad.status = status;
                    bad.headers = {{"content-type", "application/json"}};
                    bad.body = body;
                    must_end(stage, answered_with(t, i, bad),
                             "status " + std::to_string(status) + " with body '" + body + "'", {},
                             findings);
                }
            }
            for (const auto& [failure, name, without] : kFailures) {
                Upstream bad = good;
                bad.failure = failure;
                bad.status = without ? 0 : 200;
                bad.body = without ? std::string() : good.body.substr(0, good.body.size() / 2);
                must_end(stage, answered_with(t, i, bad),
                         std::string("failure ") + name + (without ? "" : " within the answer"), {},
                         findings);
            }
        });
}

void truncated_upstream(const Subject& subject, Findings& findings) {
    for_each_answer(subject, findings,
                    [&](Stage& stage, const Transcript& t, std::size_t i, const Upstream& good) {
                        const std::size_t step =
                            std::max<std::size_t>(1, good.body.size() / kMostCuts);
                        for (std::size_t size = 0; size < good.body.size(); size += step) {
                            for (const std::uint32_t failure : {BAY_FAIL_NONE, BAY_FAIL_RESET}) {
                                Upstream bad = good;
                                bad.body.resize(size);
                                bad.failure = good.status == 0 ? good.failure : failure;
                                must_end(stage, answered_with(t, i, bad),
                                         "answer ends after " + std::to_string(size) + " bytes" +
                                             (failure ? ", cut" : ""),
                                         {}, findings);
                            }
                        }
                    });
}

void garbage_frames(const Subject& subject, Findings& findings) {
    static const std::string kGarbage[] = {"{not json",
                                           "[]",
                                           "null",
                                           "42",
                                           "\"text\"",
                                           "{}",
                                           R"({"choices":1})",
                                           R"({"choices":[null]})",
                                           R"({"type":7,"delta":[],"message":"x","content":{}})",
                                           std::string("\0\xFF\xFE", 3),
                                           std::string(2000, '['),
                                           R"({"error":{"message":{"a":[1e999]}}})"};
    for_each_answer(subject, findings,
                    [&](Stage& stage, const Transcript& t, std::size_t i, const Upstream& good) {
                        Upstream bad = good;
                        bad.status = 200;
                        bad.failure = 0;
                        for (const std::string& garbage : kGarbage) {
                            for (const char* frame : {"", "data: ", "event: x\ndata: "}) {
                                bad.body = frame + garbage + (*frame ? "\n\n" : "\n");
                                must_end(stage, answered_with(t, i, bad),
                                         "answered with " + bad.body, {}, findings);
                            }
                        }
                        std::mt19937_64 random(subject.seed);
                        for (int k = 0; k < kGarbled; ++k) {
                            bad.body = garbled(good.body, random);
                            must_end(stage, answered_with(t, i, bad),
                                     "garbled " + std::to_string(k), {}, findings);
                        }
                    });
}

// The text of the choices of a chat answer or chunk; empty for what is none.
std::string text_of(const std::string& answer) {
    std::string text;
    boost::system::error_code failed;
    const boost::json::value read = boost::json::parse(answer, failed);
    const auto* object = failed ? nullptr : read.if_object();
    const auto* choices = object ? object->if_contains("choices") : nullptr;
    if (!choices || !choices->is_array()) return text;
    for (const boost::json::value& choice : choices->get_array()) {
        for (const char* at : {"/message/content", "/delta/content"}) {
            const auto* content = choice.find_pointer(at, failed);
            if (content && content->is_string()) text += std::string_view(content->get_string());
        }
    }
    return text;
}

// The text of all actions of a kind.
std::string text_of(const Run& run, std::string_view kind) {
    std::string text;
    for (const Action& action : run.actions) {
        if (action.kind == kind) text += text_of(action.text);
    }
    return text;
}

bool has(const Run& run, std::string_view kind) {
    return std::any_of(run.actions.begin(), run.actions.end(),
                       [&](const Action& action) { return action.kind == kind; });
}

bool is_stream(const Transcript& t) {
    return (t.flags & BAY_REQ_STREAM) != 0;
}

// An exchange of the same settings whose answer to a whole request is a text, as the upstream of
// `stream` might give it in place of its stream; nullptr if there is none.
const Stage::Case* whole_of(Stage& stage, const Transcript& stream) {
    for (const Stage::Case& one : stage.good()) {
        const Transcript& t = *one.transcript;
        if (!is_stream(t) && t.component == stream.component && t.operation == stream.operation &&
            t.config == stream.config && upstream_count(t) != 0 &&
            !text_of(one.run, "result").empty()) {
            return &one;
        }
    }
    return nullptr;
}

// Of plugins that make the answer themselves; one that passes through leaves this to the host.
void whole_for_stream(const Subject& subject, Findings& findings) {
    on_stage(subject, findings, [&](Stage& stage) {
        for (const auto& [transcript, run] : stage.good()) {
            if (!is_stream(*transcript) || upstream_count(*transcript) == 0) continue;
            const Stage::Case* whole = whole_of(stage, *transcript);
            if (!whole || !has(run, "done")) continue;
            const Transcript& other = *whole->transcript;
            const Upstream& answer = upstream_at(other, upstream_count(other) - 1);
            const std::string how = "answered as " + short_name(other);
            const Run got = stage.play(
                answered_with(*transcript, upstream_count(*transcript) - 1, answer), how);
            if (!has(got, "done") || has(got, "pass_through")) continue;
            const std::string wanted = text_of(whole->run, "result");
            const std::string given = text_of(got, "chunk");
            if (given == wanted || findings.full()) continue;
            findings.problem(short_name(*transcript) + ", " + how +
                             ": ends in done() with the text '" + given + "' in place of '" +
                             wanted + "'");
        }
    });
}

constexpr Test kTests[] = {
    {"upstream-errors", Severity::error, "transcripts",
     "Upstreams fail in every way: end each failure with fail() and BAY_OK, whatever the status, "
     "the body or the BAY_FAIL_*.",
     upstream_errors},
    {"truncated-upstream", Severity::error, "transcripts",
     "An answer may end at any byte: end it with fail() or what there is, not with a fault.",
     truncated_upstream},
    {"garbage-frames", Severity::error, "transcripts",
     "An upstream may send anything: check every type before use and end with fail().",
     garbage_frames},
    {"whole-for-stream", Severity::error, "transcripts",
     "An upstream may answer a call for a stream with a whole document: give its text as chunks or "
     "end with fail(), but not with done() without it.",
     whole_for_stream},
};

}  // namespace

std::span<const Test> upstream_tests() {
    return kTests;
}

}  // namespace patchbay::check
