// SPDX-License-Identifier: Apache-2.0
#include "speech.hpp"

#include <algorithm>
#include <patchbay/sdk.hpp>
#include <utility>

#include <boost/json.hpp>

#include "chat/own_words.hpp"
#include "json/access.hpp"
#include "patchbay/operations.h"

namespace patchbay::polly {

namespace json = boost::json;

namespace {

constexpr shared::OwnWord kVoices[] = {
    {"alloy", "Joanna"}, {"echo", "Matthew"}, {"fable", "Amy"},
    {"onyx", "Brian"},   {"nova", "Ivy"},     {"shimmer", "Kendra"},
};
constexpr shared::OwnWord kFormats[] = {
    {"mp3", "mp3"},   {"opus", "ogg_opus"}, {"pcm", "pcm"}, {"ogg_vorbis", "ogg_vorbis"},
    {"json", "json"},
};

openai::Refusal bad(std::string_view place, std::string_view why) {
    return {BAY_ERR_BAD_REQUEST, std::string(place).append(": ").append(why), std::string(place)};
}

bool is_ssml(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    return begin != std::string_view::npos && text.substr(begin).starts_with("<speak");
}

}  // namespace

openai::Dialect own_dialect() {
    openai::Dialect dialect;
    dialect.provider = "aws_polly";
    dialect.operations = {{BAY_OP_AUDIO_SPEECH, {}, {"instructions", "stream_format", "user"}}};
    return dialect;
}

openai::Written<Speech> write_speech(const bay_ev_request& request,
                                     const openai::Dialect& dialect) {
    const auto parsed = shared::parse_json(bay::sv(request.json));
    const json::object* const client = parsed ? parsed->if_object() : nullptr;
    const std::string_view text = shared::text(client, "input");
    const std::string_view voice = shared::text(client, "voice");
    if (text.empty()) return bad("input", "must be a text");
    if (voice.empty()) return bad("voice", "must be the name of one of Polly's or OpenAI's voices");
    const std::string_view format =
        shared::own_word(kFormats, shared::text(client, "response_format", "mp3"));
    if (format.empty()) return bad("response_format", "Polly makes mp3, opus and pcm");
    const std::string_view own = shared::own_word(kVoices, voice);
    json::object body{{"Engine", bay::sv(request.target->model)},
                      {"OutputFormat", format},
                      {"Text", text},
                      {"TextType", is_ssml(text) ? "ssml" : "text"},
                      {"VoiceId", own.empty() ? voice : own}};
    constexpr std::string_view kRead[] = {"model", "input", "voice", "response_format"};
    Speech made;
    openai::Unsupported unsupported(request, dialect, dialect.find(BAY_OP_AUDIO_SPEECH));
    for (const auto& [key, value] : *client) {
        const std::string_view name = key;
        if (value.is_null() ||
            std::find(std::begin(kRead), std::end(kRead), name) != std::end(kRead)) {
            continue;
        }
        // How fast is said in SSML; LiteLLM does not say it, either.
        if (name == "speed") {
            made.dropped.add(name);
        } else if (!unsupported.leaves_out(name, shared::to_text(value))) {
            body[name] = value;
        }
    }
    if (auto refusal = unsupported.refusal()) return *refusal;
    made.body = shared::to_text(body);
    made.characters = openai::characters(shared::to_text(json::value(text)));
    return made;
}

}  // namespace patchbay::polly
