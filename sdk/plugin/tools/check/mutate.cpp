#include "mutate.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <variant>

#include <boost/json.hpp>

#include "contract/shape/streamed.hpp"
#include "form.hpp"
#include "patchbay/guardrail.h"
#include "settings.hpp"

namespace patchbay::check {
namespace {

namespace json = boost::json;
using transcript::Expectation;
using transcript::Inspect;
using transcript::StreamText;
using transcript::Transcript;
using transcript::Upstream;

std::size_t below(std::mt19937_64& random, std::size_t limit) {
    return static_cast<std::size_t>(random() % limit);
}

// Some value in the document, at random, replaced or removed.
void change_json(json::value& value, std::mt19937_64& random, int depth = 0) {
    constexpr int kDeepest = 30;
    const bool here = depth > kDeepest || below(random, 4) == 0;
    auto* object = value.if_object();
    auto* array = value.if_array();
    if (object && !object->empty() && !here) {
        auto& member =
            *(object->begin() + static_cast<std::ptrdiff_t>(below(random, object->size())));
        if (below(random, 6) == 0) {
            object->erase(object->begin() + (&member - &*object->begin()));
        } else {
            change_json(member.value(), random, depth + 1);
        }
    } else if (array && !array->empty() && !here) {
        change_json((*array)[below(random, array->size())], random, depth + 1);
    } else if (depth > 0 || below(random, 8) == 0) {
        value = odd_value(random);
    } else if (object) {
        (*object)["extra"] = odd_value(random);
    }
}

// One JSON document in `text`: the whole, or the data of one line of a stream.
bool change_document(std::string& text, std::mt19937_64& random) {
    std::vector<std::size_t> starts;
    for (std::size_t at = text.find('{'); at != text.npos; at = text.find("\n", at + 1)) {
        const std::size_t brace = text.find('{', at);
        if (brace == text.npos) break;
        starts.push_back(brace);
    }
    if (starts.empty()) return false;
    const std::size_t start = starts[below(random, starts.size())];
    boost::system::error_code error;
    json::stream_parser parser({}, {.max_depth = 256});
    const std::size_t size = parser.write_some(text.data() + start, text.size() - start, error);
    if (error || !parser.done()) return false;
    json::value value = parser.release();
    for (std::size_t i = 1 + below(random, 3); i > 0; --i) change_json(value, random);
    text.replace(start, size, json::serialize(value));
    return true;
}

// JSON text with values changed; text that is not JSON stays.
void change_text(std::string& text, std::mt19937_64& random) {
    boost::system::error_code error;
    json::value value = json::parse(text, error, {}, {.max_depth = 256});
    if (error) return;
    change_json(value, random);
    if (value.is_object()) text = json::serialize(value);
}

// All answers, also those for all calls of a stream, in order.
std::vector<const Upstream*> answers_of(const Transcript& transcript) {
    std::vector<const Upstream*> all;
    for (const auto& step : transcript.steps) {
        if (const auto* upstream = std::get_if<Upstream>(&step)) all.push_back(upstream);
        const auto* stream = std::get_if<StreamText>(&step);
        for (std::size_t i = 0; stream && i < stream->answers.size(); ++i) {
            all.push_back(&stream->answers[i]);
        }
    }
    return all;
}

void change_answer(Upstream& upstream, std::mt19937_64& random) {
    static constexpr std::int32_t kStatuses[] = {200, 200, 200, 201, 204, 301, 400, 401, 403,
                                                 404, 408, 413, 422, 429, 500, 503, 529, 999};
    if (below(random, 4) == 0) upstream.status = kStatuses[below(random, std::size(kStatuses))];
    if (below(random, 6) == 0) {
        upstream.failure = static_cast<std::uint32_t>(below(random, BAY_FAIL_ABORTED + 1));
    }
    if (upstream.status == 0 && upstream.failure == 0) upstream.failure = BAY_FAIL_CONNECT;
    if (below(random, 6) == 0) upstream.headers.clear();
    if (below(random, 6) != 0) upstream.body = garbled(std::move(upstream.body), random);
}

// A text that stays UTF-8, as the host promises.
void change_words(std::string& text, std::mt19937_64& random) {
    static constexpr const char* kWords[] = {
        " ", "@", "4111 1111 1111 1111", "\xE2\x82\xAC", "AKIA0", "<PERSON_1>", "\n", "sk-"};
    std::size_t at = below(random, text.size() + 1);
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
    text.insert(at, kWords[below(random, std::size(kWords))]);
}

// A part is left out, comes twice, or holds other bytes.
void change_form(std::string& body, std::mt19937_64& random) {
    const http::MultipartForm form = transcript::form_of(body);
    std::vector<http::FormPart> parts = form.parts;
    const std::size_t at = below(random, parts.size());
    const auto part = parts.begin() + static_cast<std::ptrdiff_t>(at);
    std::string data(part->data);
    switch (below(random, 3)) {
        case 0:
            if (parts.size() > 1) parts.erase(part);
            break;
        case 1:
            parts.insert(part, *part);
            break;
        default:
            data = garbled(std::move(data), random);
            part->data = data;
    }
    std::string changed = transcript::body_of(parts);
    // Bytes that look like another part are no part of this one.
    if (transcript::is_form(changed)) body = std::move(changed);
}

void change_request(Transcript& transcript, std::mt19937_64& random) {
    if (transcript.form) {
        change_form(transcript.request, random);
    } else {
        change_text(transcript.request, random);
    }
}

void change_event(transcript::SocketEvent& event, std::mt19937_64& random) {
    const bool close = event.type == BAY_EV_WS_CLOSE || event.type == BAY_EV_CLIENT_CLOSE;
    if (close && below(random, 2) == 0) {
        static constexpr std::uint32_t kCodes[] = {0, 401, 429, 1000, 1001, 1005, 1006, 1011, 4000};
        event.code = kCodes[below(random, std::size(kCodes))];
        event.failure = static_cast<std::uint32_t>(below(random, BAY_FAIL_ABORTED + 1));
        constexpr std::uint32_t kLeastCode = 1000;  // what is less is no end of an open socket
        if (*event.code < kLeastCode && event.failure == 0) event.failure = BAY_FAIL_CONNECT;
    }
    if (event.opcode == BAY_WS_BINARY) {
        event.data = garbled(std::move(event.data), random);
    } else if (below(random, 2) == 0) {
        change_text(event.data, random);
    } else {
        change_words(event.data, random);
    }
}

}  // namespace

std::size_t upstream_count(const Transcript& transcript) {
    return answers_of(transcript).size();
}

const Upstream& upstream_at(const Transcript& transcript, std::size_t index) {
    return *answers_of(transcript).at(index);
}

Transcript answered_with(const Transcript& original, std::size_t index, const Upstream& answer) {
    constexpr int kMore = 6;
    Transcript result = original;
    result.steps.clear();
    bool replaced = false;
    const auto reached = [&] { return replaced = replaced || index-- == 0; };
    for (const auto& step : original.steps) {
        if (std::holds_alternative<Expectation>(step)) continue;
        if (std::holds_alternative<Upstream>(step) && reached()) {
            // What a guardrail is asked later stays; all else goes another way from here.
            if (original.kind != transcript::Kind::guardrail) break;
            result.steps.emplace_back(answer);
            continue;
        }
        result.steps.push_back(step);
        auto* stream = std::get_if<StreamText>(&result.steps.back());
        for (std::size_t i = 0; stream && i < stream->answers.size(); ++i) {
            if (!reached()) continue;
            const std::string for_text = stream->answers[i].for_text;
            stream->answers[i] = answer;
            stream->answers[i].for_text = for_text;
        }
    }
    for (int i = 0; i <= kMore; ++i) result.steps.emplace_back(answer);
    return result;
}

std::string garbled(std::string text, std::mt19937_64& random) {
    for (std::size_t i = 1 + below(random, 4); i > 0; --i) {
        if (below(random, 3) != 0 && change_document(text, random)) continue;
        if (text.empty()) return std::string(1, static_cast<char>(random()));
        const std::size_t at = below(random, text.size());
        const std::size_t size = std::min<std::size_t>(1 + below(random, 40), text.size() - at);
        switch (below(random, 4)) {
            case 0:
                text[at] = static_cast<char>(random());
                break;
            case 1:
                text.erase(at, size);
                break;
            case 2:
                text.insert(at, text.substr(at, size));
                break;
            default:
                text.insert(at, 1 + below(random, 300), "[{\"0:\xFF"[below(random, 6)]);
        }
    }
    return text;
}

Transcript mutated(const Transcript& original, std::mt19937_64& random) {
    Transcript result = original;
    std::erase_if(result.steps,
                  [](const auto& step) { return std::holds_alternative<Expectation>(step); });
    if (below(random, 3) == 0) change_request(result, random);
    if (below(random, 8) == 0 && has_streamed_form(result.operation)) {
        result.flags ^= BAY_REQ_STREAM;
    }
    for (auto& record : result.batch) {
        if (below(random, 2) == 0) change_text(record.json, random);
        if (below(random, 8) == 0) record.failed = !record.failed;
    }
    for (auto& step : result.steps) {
        if (auto* shared = std::get_if<transcript::Shared>(&step)) {
            if (below(random, 4) == 0) shared->value = garbled(shared->value, random);
        } else if (auto* inspect = std::get_if<Inspect>(&step)) {
            // The texts of a window are the host's own words.
            const bool document = inspect->stage != BAY_STAGE_STREAM;
            if (document && below(random, 2) == 0) change_text(inspect->json, random);
            if (below(random, 4) == 0) change_text(inspect->params, random);
            if (below(random, 4) == 0) change_text(inspect->metadata, random);
        } else if (auto* stream = std::get_if<StreamText>(&step)) {
            for (auto& channel : stream->channels) change_words(channel.text, random);
            for (auto& answer : stream->answers) change_answer(answer, random);
        } else if (auto* upstream = std::get_if<Upstream>(&step)) {
            change_answer(*upstream, random);
        } else if (auto* event = std::get_if<transcript::SocketEvent>(&step)) {
            change_event(*event, random);
        }
    }
    return result;
}

}  // namespace patchbay::check
