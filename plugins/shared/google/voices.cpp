#include "voices.hpp"

#include <boost/algorithm/string/case_conv.hpp>

#include "chat/own_words.hpp"

namespace patchbay::google {

namespace {

constexpr shared::OwnWord kOwnVoices[] = {
    {"alloy", "Kore"},    {"ash", "Iapetus"},       {"ballad", "Algieba"},   {"cedar", "Achird"},
    {"coral", "Sulafat"}, {"echo", "Charon"},       {"fable", "Umbriel"},    {"marin", "Despina"},
    {"onyx", "Orus"},     {"sage", "Vindemiatrix"}, {"shimmer", "Achernar"}, {"verse", "Puck"},
};

json::object voice_named(std::string_view name) {
    if (name.empty()) return {};
    const auto own =
        shared::own_word(kOwnVoices, boost::algorithm::to_lower_copy(std::string(name)));
    return {{"voiceConfig", {{"prebuiltVoiceConfig", {{"voiceName", own.empty() ? name : own}}}}}};
}

}  // namespace

json::object speech_config(const json::value* voice) {
    if (voice && voice->is_string()) return voice_named(view(voice->get_string()));
    const auto* given = voice ? voice->if_object() : nullptr;
    for (const std::string_view wrapper : {"speechConfig", "speech_config"}) {
        if (const auto* inner = find_object(given, wrapper)) given = inner;
    }
    if (!given) return {};
    for (const std::string_view member : {"name", "voiceName", "voice_name", "voice"}) {
        auto config = voice_named(text(given, member));
        if (config.empty()) continue;
        for (const std::string_view language : {"languageCode", "language_code"}) {
            if (const auto* code = find(given, language)) config["languageCode"] = *code;
        }
        return config;
    }
    return *given;
}

}  // namespace patchbay::google
