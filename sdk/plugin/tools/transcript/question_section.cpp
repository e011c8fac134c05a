#include "question_section.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <boost/json.hpp>

#include "patchbay/guardrail.h"
#include "patchbay/json_tree.hpp"
#include "test_host.hpp"

namespace patchbay::transcript {
namespace {

namespace json = boost::json;

json::value parsed(const std::string& text) {
    return json_tree::read(text).value;
}

// The windows of a stream given one by one: the texts as bay_text has them.
void check_texts(const SectionReader& reader, const Section& section, const std::string& text) {
    const json::value list = parsed(text);
    const auto* all = list.if_array();
    const auto good = [](const json::value& one) {
        const auto* object = one.if_object();
        const auto* path = object ? object->if_contains("path") : nullptr;
        const auto* shown = object ? object->if_contains("text") : nullptr;
        if (!path || !path->is_string() || !shown || !shown->is_string()) return false;
        const auto* fixed = object->if_contains("fixed");
        return !fixed ||
               (fixed->is_int64() && fixed->get_int64() >= 0 &&
                static_cast<std::size_t>(fixed->get_int64()) <= shown->get_string().size());
    };
    if (!all || !std::all_of(all->begin(), all->end(), good)) {
        reader.fail(section.line,
                    "'== inspect stream' needs a list of texts, each with path and text, perhaps "
                    "with role and fixed");
    }
}

}  // namespace

Inspect read_inspect(const SectionReader& reader, const Section& section) {
    static const std::map<std::string, std::uint32_t> stages = {
        {"pre_call", BAY_STAGE_PRE_CALL},   {"during_call", BAY_STAGE_DURING_CALL},
        {"post_call", BAY_STAGE_POST_CALL}, {"stream", BAY_STAGE_STREAM},
        {"log_only", BAY_STAGE_LOG_ONLY},
    };
    const auto stage = section.words.empty() ? stages.end() : stages.find(section.words[0]);
    if (stage == stages.end()) {
        reader.fail(section.line,
                    "'== inspect' needs pre_call, during_call, post_call, stream or log_only");
    }
    Inspect inspect;
    inspect.line = section.line;
    inspect.stage = stage->second;
    inspect.answer = inspect.stage == BAY_STAGE_POST_CALL;
    inspect.json = without_last_newline(section.text);
    const bool stream = inspect.stage == BAY_STAGE_STREAM;
    for (std::size_t i = 1; i < section.words.size(); ++i) {
        const std::string& word = section.words[i];
        std::string value;
        if (option(word, "operation", inspect.operation)) continue;
        if (stream && word == "last") {
            inspect.last = true;
        } else if (stream && option(word, "window", value)) {
            inspect.window = reader.number(section, value);
        } else if (inspect.stage == BAY_STAGE_LOG_ONLY && word == "answer") {
            inspect.answer = true;
        } else {
            reader.unknown(section, word);
        }
    }
    reader.check_json(section, inspect.json);
    if (stream) check_texts(reader, section, inspect.json);
    return inspect;
}

StreamText::Channel read_channel(const SectionReader& reader, const Section& section) {
    StreamText::Channel channel;
    channel.path = section.words.empty() ? "/choices/0/delta/content" : section.words[0];
    channel.text = without_last_newline(section.text);
    if (section.words.size() > 1) reader.unknown(section, section.words[1]);
    if (channel.path.compare(0, 9, "/choices/") != 0 ||
        channel.path.find("/delta/") == std::string::npos) {
        reader.fail(section.line, "'== stream-text' needs a path as /choices/0/delta/content");
    }
    if (channel.text.empty()) reader.fail(section.line, "'== stream-text' needs a text");
    return channel;
}

std::vector<BatchRecord> read_records(const SectionReader& reader, const Section& section) {
    std::vector<BatchRecord> records;
    std::size_t number = 0;
    for (std::size_t at = 0; at < section.text.size();) {
        const std::size_t end = std::min(section.text.find('\n', at), section.text.size());
        const std::string line = section.text.substr(at, end - at);
        at = end + 1;
        ++number;
        if (line.find_first_not_of(" \t\r") == line.npos) continue;
        reader.check_json(section, line, number - 1);
        const json::value value = parsed(line);
        const auto* object = value.if_object();
        const auto* id = object ? object->if_contains("id") : nullptr;
        if (!id || !id->is_string()) {
            reader.fail(section.line + number, "a record is an object with an \"id\"");
        }
        const auto* status = object->if_contains("status");
        const auto* ended = object->if_contains("endTime");
        BatchRecord& record = records.emplace_back();
        record.id = std::string(id->get_string());
        record.json = line;
        record.failed = status && status->is_string() && status->get_string() == "failure";
        record.unix_ms = ended && ended->is_number()
                             ? std::llround(ended->to_number<double>() * 1000)
                             : TestHost::kStart;
    }
    if (records.empty()) reader.fail(section.line, "'== batch' needs a record a line");
    return records;
}

Cancel read_cancel(const SectionReader& reader, const Section& section) {
    static constexpr std::array<std::string_view, 4> kReasons = {"client_gone", "deadline",
                                                                 "guardrail", "shutdown"};
    const auto found = section.words.size() == 1
                           ? std::find(kReasons.begin(), kReasons.end(), section.words[0])
                           : kReasons.end();
    if (found == kReasons.end()) {
        reader.fail(section.line, "'== cancel' needs client_gone, deadline, guardrail or shutdown");
    }
    return {section.line, static_cast<std::uint32_t>(found - kReasons.begin()) + 1};
}

}  // namespace patchbay::transcript
