// Whole and streamed answers agree.
//
// A provider plugin translates the same answer by two ways, which are different code and drift
// apart. So every answer that a transcript of any provider plugin holds is played in both forms: as
// it was recorded, and as the provider would have sent it in the other one (wire.hpp). What a
// client puts together from the chunks must be what it reads in the whole answer. A new transcript
// joins by itself.
#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "aws_wire.hpp"
#include "joined.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/provider.h"
#include "player.hpp"
#include "wire.hpp"

namespace patchbay::agreement {

namespace json = boost::json;
namespace fs = std::filesystem;
using transcript::Action;
using transcript::PluginFile;
using transcript::Transcript;
using transcript::Upstream;

namespace {

std::vector<std::string> all_transcripts() {
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(PATCHBAY_PROVIDERS)) {
        const fs::path& path = entry.path();
        if (path.extension() == ".txt" && path.parent_path().filename() == "transcripts") {
            files.push_back(path.string());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// The one answer of a chat; other operations are not translated.
Upstream* answer_of(Transcript& transcript) {
    if (transcript.operation != "chat.completions") return nullptr;
    Upstream* found = nullptr;
    for (auto& step : transcript.steps) {
        Upstream* one = std::get_if<Upstream>(&step);
        if (one == nullptr) continue;
        if (found != nullptr || one->status != 200 || one->failure != 0) return nullptr;
        found = one;
    }
    return found;
}

void ask_form(Transcript& transcript, bool stream) {
    const std::uint32_t streaming = BAY_REQ_STREAM | BAY_REQ_WANT_USAGE;
    if (stream) {
        transcript.flags |= streaming;
    } else {
        transcript.flags &= ~streaming;
    }
}

void set_form(Transcript& transcript, Upstream& upstream, bool stream, std::string body) {
    ask_form(transcript, stream);
    const char* const type = body.starts_with('{') ? "application/json"
                             : is_messages(body)   ? "application/vnd.amazon.eventstream"
                                                   : "text/event-stream";
    upstream.body = std::move(body);
    upstream.headers = {{"content-type", type}};
}

/// The address that is asked for a stream, if the plugin wants its answer in AWS's messages.
std::optional<std::string> messages_url(PluginFile& plugin, Transcript transcript) {
    ask_form(transcript, true);
    for (const Action& action : transcript::play(plugin, transcript, {}).actions) {
        if (action.kind == "http" && action.decode == BAY_DECODE_AWS_EVENTSTREAM) return action.url;
    }
    return std::nullopt;
}

/// What the client reads; nothing if the plugin failed. An answer that is passed through is the
/// provider's.
std::optional<json::object> answer(const std::vector<Action>& actions, const Upstream& upstream,
                                   bool stream) {
    std::vector<std::string> chunks;
    for (const Action& action : actions) {
        if (action.kind == "fail" || action.kind == "fault" || action.kind == "refused") {
            return std::nullopt;
        }
        if (action.kind == "result") return json_tree::read(action.text).value.as_object();
        if (action.kind == "chunk") chunks.push_back(action.text);
        if (action.kind == "pass_through") {
            if (!stream) return json_tree::read(upstream.body).value.as_object();
            chunks = events_of(upstream.body);
        }
    }
    if (chunks.empty()) return std::nullopt;
    return join_chunks(chunks);
}

/// The same answer for a request of the other form. A whole answer to a request for a stream is one
/// to a request for a whole one, too.
std::optional<std::string> other_form(PluginFile& plugin, const Transcript& recorded,
                                      const std::string& body) {
    const auto events = as_stream(body);
    if ((recorded.flags & BAY_REQ_STREAM) != 0) {
        if (is_messages(body)) return std::nullopt;
        return events ? std::optional<std::string>(body) : as_whole(body);
    }
    const auto url = messages_url(plugin, recorded);
    return url ? as_messages(body, events, *url) : events;
}

std::string plugin_of(const std::string& file) {
    return fs::path(file).parent_path().parent_path().filename().string();
}

PluginFile plugin_file(const std::string& transcript) {
    return PluginFile(std::string(PATCHBAY_PLUGINS) + "/" + plugin_of(transcript) + ".so");
}

class Agreement : public ::testing::TestWithParam<std::string> {};

TEST_P(Agreement, both_forms_say_the_same) {
    const std::string& file = GetParam();
    Transcript recorded = transcript::read_transcript(file);
    Upstream* upstream = answer_of(recorded);
    if (upstream == nullptr) GTEST_SKIP() << "has no answer";
    const bool streamed = (recorded.flags & BAY_REQ_STREAM) != 0;
    const std::string own = upstream->body;
    PluginFile plugin = plugin_file(file);
    const auto other = other_form(plugin, recorded, own);
    if (!other) GTEST_SKIP() << "the answer is an error, or in no form that is known";

    set_form(recorded, *upstream, streamed, own);
    const auto first = answer(transcript::play(plugin, recorded, {}).actions, *upstream, streamed);
    set_form(recorded, *upstream, !streamed, *other);
    const auto second =
        answer(transcript::play(plugin, recorded, {}).actions, *upstream, !streamed);
    if (!first) {  // an answer that the provider gave up
        EXPECT_FALSE(second) << "in the other form:\n" << *other;
        return;
    }
    ASSERT_TRUE(second) << "in the other form:\n" << *other;
    const json::value as_recorded = essence(*first);
    const json::value otherwise = essence(*second);
    EXPECT_TRUE(as_recorded == otherwise)
        << "as recorded:\n"
        << json_tree::write(as_recorded) << "\nin the other form:\n"
        << json_tree::write(otherwise) << "\nmade of:\n"
        << *other;
}

std::string test_name(const ::testing::TestParamInfo<std::string>& info) {
    return plugin_of(info.param) + "_" + fs::path(info.param).stem().string();
}

INSTANTIATE_TEST_SUITE_P(Transcripts, Agreement, ::testing::ValuesIn(all_transcripts()), test_name);

// Skipping must not become the rule: the translating plugins have answers in both forms.
TEST(AgreementTest, finds_answers_to_compare) {
    std::map<std::string, int> compared;
    for (const std::string& file : all_transcripts()) {
        Transcript recorded = transcript::read_transcript(file);
        const Upstream* upstream = answer_of(recorded);
        if (upstream == nullptr) continue;
        PluginFile plugin = plugin_file(file);
        if (other_form(plugin, recorded, upstream->body)) ++compared[plugin_of(file)];
    }
    EXPECT_GE(compared["anthropic"], 8);
    EXPECT_GE(compared["bedrock"], 4);
    EXPECT_GE(compared["openai"], 4);
    EXPECT_GE(compared["openai_compatible"], 8);
}

}  // namespace

}  // namespace patchbay::agreement
