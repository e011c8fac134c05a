#include "engine/call/failure.hpp"

#include <algorithm>
#include <utility>

#include "contract/json/utf8_text.hpp"
#include "engine/surface/redaction.hpp"

namespace patchbay {

void clean(Error& error, std::span<const Secret> known) {
    constexpr std::size_t kMaxText = 8192;
    constexpr std::size_t kMaxSearched = 4 * kMaxText;
    for (std::string* text : {&error.message, &error.type, &error.param, &error.upstream_body}) {
        if (text->size() > kMaxSearched) text->resize(kMaxSearched);
        redact_secrets(*text, known);
        *text = as_utf8(*text, kMaxText);
    }
}

namespace {

bool is_clients_doing(const Error& error, const RequestOptions& options) {
    constexpr int kClientClosedRequest = 499;
    constexpr int kContentTooLarge = 413;
    if (error.http_status == kClientClosedRequest || error.status() == kContentTooLarge)
        return true;
    return error.cls == ErrorClass::timeout && (options.timeout || options.stream_timeout);
}

}  // namespace

void count_for_trial(const Deployment& chosen, const Deployment& version,
                     const RequestOptions& options, const Failed& failed) {
    if (!chosen.trial || (failed && is_clients_doing(*failed, options))) return;
    if (&version == chosen.canary.get()) {
        chosen.trial->count_new(static_cast<bool>(failed));
    } else {
        chosen.trial->count_old(static_cast<bool>(failed));
    }
}

}  // namespace patchbay
