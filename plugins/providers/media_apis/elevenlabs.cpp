// SPDX-License-Identifier: Apache-2.0
#include "elevenlabs.hpp"

#include <patchbay/sdk.hpp>
#include <span>
#include <utility>

#include <boost/json.hpp>

#include "chat/own_words.hpp"
#include "json/access.hpp"
#include "openai_shared/errors.hpp"
#include "openai_shared/refusal.hpp"
#include "openai_shared/translated_exchange.hpp"
#include "openai_shared/upstream.hpp"
#include "patchbay/operations.h"
#include "patchbay/sdk/percent.hpp"

namespace patchbay::media_apis {

namespace json = boost::json;

namespace {

// ElevenLabs' own voices under the names that LiteLLM's clients use; any other is an id.
constexpr shared::OwnWord kVoices[] = {
    {"alloy", "21m00Tcm4TlvDq8ikWAM"}, {"amber", "5Q0t7uMcjvnagumLfvZi"},
    {"ash", "AZnzlk1XvdvUeBnXmlld"},   {"august", "D38z5RcWu1voky8WS1ja"},
    {"blue", "2EiwWnXFnvU5JabPnv8n"},  {"coral", "9BWtsMINqrJLrRacOk9x"},
    {"lily", "EXAVITQu4vr4xnSDxMaL"},  {"onyx", "29vD33N1CtxCmqQRPOHJ"},
    {"sage", "CwhRBWXzGAHq8TQ4Fs17"},  {"verse", "CYw3kZ02Hs0563khs1Fj"},
};
constexpr shared::OwnWord kFormats[] = {
    {"mp3", "mp3_44100_128"}, {"pcm", "pcm_24000"}, {"opus", "opus_48000_128"}};

openai::Refusal bad(std::string_view place, std::string_view why) {
    return {BAY_ERR_BAD_REQUEST, std::string(place).append(": ").append(why), std::string(place)};
}

}  // namespace

openai::Dialect elevenlabs_dialect() {
    openai::Dialect dialect;
    dialect.provider = "elevenlabs";
    dialect.base_url = "https://api.elevenlabs.io";
    dialect.key_names = {"ELEVENLABS_API_KEY"};
    dialect.bearer = false;
    dialect.headers = {{"xi-api-key", "{api_key}"}};
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
    if (voice.empty())
        return bad("voice", "must be the id of a voice, or the name of one of OpenAI's");
    openai::Unsupported unsupported(request, dialect, dialect.find(BAY_OP_AUDIO_SPEECH));
    std::string format;
    json::object body{{"text", text}, {"model_id", bay::sv(request.target->model)}};
    json::object settings;
    for (const auto& [key, value] : *client) {
        const std::string_view name = key;
        if (value.is_null() || name == "model" || name == "input" || name == "voice") continue;
        if (name == "response_format") {
            const std::string_view given = shared::text(client, name);
            // A format of ElevenLabs' own has its rate behind it.
            format = given.find('_') != std::string_view::npos ? given
                                                               : shared::own_word(kFormats, given);
            if (format.empty()) return bad(name, "ElevenLabs makes mp3, pcm and opus");
        } else if (name == "speed") {
            settings["speed"] = value;
        } else if (name == "voice_settings" && value.is_object()) {
            for (const auto& [own, one] : value.get_object()) settings[own] = one;
        } else if (name == "output_format" && value.is_string()) {
            format = std::string_view(value.get_string());
        } else if (!unsupported.leaves_out(name, shared::to_text(value))) {
            body[name] = value;
        }
    }
    if (auto refusal = unsupported.refusal()) return *refusal;
    if (!settings.empty()) body["voice_settings"] = std::move(settings);
    const std::string_view own = shared::own_word(kVoices, voice);
    Speech made;
    made.path = "/v1/text-to-speech/" + bay::percent_encoded(own.empty() ? voice : own);
    if (!format.empty()) made.path.append("?output_format=").append(bay::percent_encoded(format));
    made.body = shared::to_text(body);
    made.characters = openai::characters(shared::to_text(json::value(text)));
    made.dropped = unsupported.dropped();
    return made;
}

bay_status ElevenLabsExchange::on_request(const bay_ev_request& request, bay::Out out) {
    const auto headers = openai::request_headers(request, dialect_, "application/json");
    if (!headers) {
        return openai::refuse(BAY_ERR_AUTH, openai::missing_key_message(dialect_), {}, out);
    }
    const auto speech = write_speech(request, dialect_);
    if (!speech) {
        const openai::Refusal& why = speech.error();
        return openai::refuse(why.cls, why.message, why.param, out);
    }
    speech->dropped.tell(out);
    characters_ = speech->characters;
    std::string_view base = bay::sv(request.target->base_url);
    if (base.empty()) base = dialect_.base_url;
    const std::string_view path = std::string_view(speech->path).substr(0, speech->path.find('?'));
    base = openai::without_endings(base, {path, "/v1/text-to-speech", "/v1"});
    bay::HttpRequest call("POST", std::string(base).append(speech->path));
    for (const auto& [name, value] : *headers) call.header(name, value);
    call.decode(BAY_DECODE_RAW).flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE);
    return call.body_view(speech->body).send(out);
}

bay_status ElevenLabsExchange::on_http_head(const bay_ev_http& head, bay::Out out) {
    return head.status / 100 == 2 ? out.pass_through(head.call) : bay_status{BAY_OK};
}

bay_status ElevenLabsExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    if (done.failure != BAY_FAIL_NONE) {
        return report(openai::transport_error(done.failure, done.status, bay::sv(done.error)), out);
    }
    if (done.status / 100 != 2) {
        const std::span<const bay_kv> headers(done.headers, done.header_count);
        return report(openai::openai_error(dialect_.errors, done.status, headers,
                                           bay::sv(done.data), bay::Host::unix_ms()),
                      out);
    }
    bay_usage usage{};
    usage.size = sizeof usage;
    usage.characters = usage.units = characters_;
    const bay_status told = out.usage(usage);
    return told == BAY_OK ? out.done() : told;
}

}  // namespace patchbay::media_apis
