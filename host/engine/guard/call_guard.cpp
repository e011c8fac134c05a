#include "engine/guard/call_guard.hpp"

#include <algorithm>
#include <array>
#include <exception>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>
#include <spdlog/spdlog.h>

#include "contract/texts/document.hpp"
#include "engine/guard/blocked.hpp"
#include "patchbay/guardrail.h"

namespace patchbay::guard {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

// Headers that guardrails may read; of all others they learn only that they are there. (LiteLLM's
// generic guardrail API.)
constexpr auto kShownHeaders = std::to_array<std::string_view>(
    {"accept", "accept-language", "content-length", "content-type", "host", "origin", "referer",
     "traceparent", "user-agent", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto",
     "x-request-id"});

Verdict allow() {
    Verdict verdict;
    verdict.decision = Decision::allow;
    return verdict;
}

}  // namespace

/// A guardrail with its machine and its window.
struct CallGuard::One {
    Selected selected;
    std::string metadata;
    std::unique_ptr<GuardrailExchange> exchange;
    StreamWindow window;
    std::uint64_t windows = 0;
    bool failed_open = false;  ///< gave no verdict and is passed over from then on

    const Guardrail& guardrail() const { return *selected.guardrail; }
    bool in(unsigned mode) const { return (selected.modes & mode) != 0; }
    bool due() const {
        return !guardrail().config.end_of_stream_only &&
               window.fresh() >= static_cast<std::size_t>(guardrail().stream_every);
    }
};

/// The during_call guardrails at work; outlives the CallGuard until its coroutines have ended.
struct CallGuard::During {
    explicit During(asio::io_context& io) : changed(io, asio::steady_timer::time_point::max()) {}
    std::string body;
    std::size_t left = 0;
    std::optional<Error> error;
    bool abandoned = false;  ///< the CallGuard is gone
    asio::steady_timer changed;
    std::vector<std::unique_ptr<asio::cancellation_signal>> cancels;
};

CallGuard::CallGuard(ExchangeContext context, std::vector<Selected> selected, CallFacts facts)
    : context_(context), facts_(std::move(facts)) {
    for (Selected& one : selected) {
        auto& made = *all_.emplace_back(std::make_unique<One>());
        made.selected = std::move(one);
        made.metadata = metadata_for(made.guardrail());
        made.exchange = std::make_unique<GuardrailExchange>(context_, made.guardrail().component,
                                                            made.guardrail().timeouts,
                                                            facts_.request_id, facts_.traceparent);
    }
}

CallGuard::~CallGuard() {
    if (!during_) return;
    during_->abandoned = true;
    for (auto& cancel : during_->cancels) cancel->emit(asio::cancellation_type::terminal);
    // Off the loop's thread a cancellation is delivered later, to a slot in `cancels`.
    asio::post(context_.loop.io, [state = during_] {});
}

std::string CallGuard::metadata_for(const Guardrail& guardrail) const {
    json::object metadata = facts_.metadata;
    json::object headers;
    const auto& extra = guardrail.config.extra_headers;
    for (const auto& [name, value] : facts_.headers) {
        const bool shown =
            std::find(kShownHeaders.begin(), kShownHeaders.end(), name) != kShownHeaders.end() ||
            std::find(extra.begin(), extra.end(), name) != extra.end();
        headers[name] = shown ? value : "[present]";
    }
    metadata["headers"] = std::move(headers);
    return json::serialize(metadata);
}

bool CallGuard::has(unsigned mode) const {
    return std::any_of(all_.begin(), all_.end(), [&](const auto& one) { return one->in(mode); });
}

std::vector<const Selected*> CallGuard::in(unsigned mode) const {
    std::vector<const Selected*> found;
    for (const auto& one : all_) {
        if (one->in(mode)) found.push_back(&one->selected);
    }
    return found;
}

std::string CallGuard::applied() const {
    std::string names;
    for (const auto& one : all_) {
        if (!one->in(kPreCall | kDuringCall | kPostCall)) continue;
        names += (names.empty() ? "" : ",") + one->guardrail().config.guardrail_name;
    }
    return names;
}

GuardrailInformation& CallGuard::information(const One& one, unsigned mode) {
    const std::string& name = one.guardrail().config.guardrail_name;
    for (GuardrailInformation& known : information_) {
        if (known.guardrail_name == name && known.mode == mode) return known;
    }
    GuardrailInformation& made = information_.emplace_back();
    made.guardrail_name = name;
    made.guardrail_provider = one.guardrail().config.guardrail;
    made.mode = mode;
    made.status = "success";
    made.start = std::chrono::system_clock::now();
    return made;
}

asio::awaitable<Result<Verdict>> CallGuard::ask(One& one, unsigned mode, Inspection inspection,
                                                const std::optional<Error>& unreadable) {
    if (one.failed_open) co_return allow();
    inspection.params = one.selected.params;
    inspection.metadata = one.metadata;
    const auto began = std::chrono::steady_clock::now();
    information(one, mode);
    if (unreadable) co_return conclude(one, mode, began, *unreadable);
    auto verdict = co_await one.exchange->ask(inspection);
    co_return conclude(one, mode, began, std::move(verdict));
}

Result<Verdict> CallGuard::conclude(One& one, unsigned mode,
                                    std::chrono::steady_clock::time_point began,
                                    Result<Verdict> verdict) {
    const GuardrailConfig& config = one.guardrail().config;
    GuardrailInformation& info = information(one, mode);
    info.duration += std::chrono::steady_clock::now() - began;
    for (Note& note : one.exchange->take_notes()) info.notes.push_back(std::move(note));
    if (!verdict) {
        info.status = "guardrail_failed_to_respond";
        const bool too_large = one.exchange->request_too_large();
        spdlog::warn("call {}: guardrail '{}' ({}) gave no verdict and {}: {}", facts_.request_id,
                     config.guardrail_name, mode_name(mode),
                     config.fail_open && !too_large ? "is passed over" : "stops the request",
                     verdict.error().message);
        if (too_large) return verdict.error();
        if (!config.fail_open) return unavailable(config.guardrail_name, verdict.error());
        one.failed_open = true;
        return allow();
    }
    if (!verdict->reason.empty()) info.reason = verdict->reason;
    const bool edited = !verdict->json.empty() ||
                        std::any_of(verdict->edits.begin(), verdict->edits.end(),
                                    [](const TextEdit& edit) { return edit.text.has_value(); });
    if (verdict->decision == Decision::block || edited) info.status = "guardrail_intervened";
    if (verdict->decision == Decision::block) {
        spdlog::info("call {}: blocked by guardrail '{}' ({}){}{}", facts_.request_id,
                     config.guardrail_name, mode_name(mode), verdict->reason.empty() ? "" : ": ",
                     verdict->reason);
        return blocked(config.guardrail_name, *verdict);
    }
    return verdict;
}

Error CallGuard::refused(One& one, unsigned mode, const Error& why) {
    const std::string& name = one.guardrail().config.guardrail_name;
    information(one, mode).status = "guardrail_intervened";
    spdlog::info("call {}: refused for guardrail '{}' ({}): {}", facts_.request_id, name,
                 mode_name(mode), why.message);
    Verdict verdict;
    verdict.error.emplace();
    verdict.error->message = json::serialize(json::object{
        {"error", "Violated guardrail policy"}, {"guardrail_name", name}, {"reason", why.message}});
    return blocked(name, verdict);
}

asio::awaitable<std::optional<Error>> CallGuard::ask_all(unsigned mode, std::string& document,
                                                         std::string_view request, bool answer,
                                                         bool& changed) {
    const DocumentKind kind = answer                 ? DocumentKind::answer
                              : mode == kLoggingOnly ? DocumentKind::logged_request
                                                     : DocumentKind::request;
    for (const auto& one : all_) {
        if (!one->in(mode)) continue;
        const Document parsed(document, kind);
        Inspection inspection;
        inspection.stage = mode == kPreCall    ? std::uint32_t{BAY_STAGE_PRE_CALL}
                           : mode == kPostCall ? std::uint32_t{BAY_STAGE_POST_CALL}
                                               : std::uint32_t{BAY_STAGE_LOG_ONLY};
        inspection.json = document;
        inspection.request = request;
        inspection.texts = parsed.texts();
        auto verdict = co_await ask(*one, mode, inspection, parsed.fault());
        if (!verdict) co_return verdict.error();
        if (verdict->decision != Decision::modify) continue;
        if (verdict->json.empty()) {
            auto edited = parsed.edited(verdict->edits);
            if (!edited) co_return refused(*one, mode, edited.error());
            document = std::move(*edited);
        } else {
            document = std::move(verdict->json);
        }
        changed = true;
    }
    co_return std::nullopt;
}

asio::awaitable<std::optional<Error>> CallGuard::pre_call(std::string_view body,
                                                          std::string& changed) {
    std::string document(body);
    bool edited = false;
    auto error = co_await ask_all(kPreCall, document, {}, false, edited);
    if (!error && edited) changed = std::move(document);
    co_return error;
}

void CallGuard::start_during(std::string_view body) {
    during_ = std::make_shared<During>(context_.loop.io);
    during_->body = body;
    for (const auto& guardrail : all_) {
        if (!guardrail->in(kDuringCall)) continue;
        // A machine of its own: the one of the other stages may be asked at the same time.
        auto one = std::make_shared<One>();
        one->selected = guardrail->selected;
        one->metadata = guardrail->metadata;
        one->exchange = std::make_unique<GuardrailExchange>(context_, one->guardrail().component,
                                                            one->guardrail().timeouts,
                                                            facts_.request_id, facts_.traceparent);
        ++during_->left;
        auto& cancel = during_->cancels.emplace_back(std::make_unique<asio::cancellation_signal>());
        information(*one, kDuringCall);
        const auto work = [](CallGuard* self, std::shared_ptr<During> state,
                             std::shared_ptr<One> mine) -> asio::awaitable<void> {
            const Document parsed(state->body, DocumentKind::request);
            Inspection inspection;
            inspection.stage = BAY_STAGE_DURING_CALL;
            inspection.json = state->body;
            inspection.texts = parsed.texts();
            inspection.params = mine->selected.params;
            inspection.metadata = mine->metadata;
            const auto began = std::chrono::steady_clock::now();
            Result<Verdict> verdict = allow();
            if (parsed.fault()) {
                verdict = *parsed.fault();
            } else {
                verdict = co_await mine->exchange->ask(inspection);
            }
            if (state->abandoned) co_return;
            auto concluded = self->conclude(*mine, kDuringCall, began, std::move(verdict));
            if (!concluded && !state->error) state->error = concluded.error();
        };
        asio::co_spawn(
            context_.loop.io, work(this, during_, one),
            asio::bind_cancellation_slot(cancel->slot(), [state = during_](std::exception_ptr) {
                --state->left;
                state->changed.cancel();
            }));
    }
}

bool CallGuard::during_pending() const {
    return during_ && during_->left > 0 && !during_->error;
}

asio::awaitable<std::optional<Error>> CallGuard::during() {
    while (during_pending()) {
        co_await during_->changed.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    co_return during_ ? during_->error : std::nullopt;
}

std::optional<Error> CallGuard::stopped() const {
    return during_ ? during_->error : std::nullopt;
}

asio::awaitable<void> CallGuard::during_blocks() {
    asio::steady_timer for_ever(context_.loop.io, asio::steady_timer::time_point::max());
    while (during_pending()) {
        co_await during_->changed.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    if (!during_->error) co_await for_ever.async_wait(asio::use_awaitable);
}

asio::awaitable<std::optional<Error>> CallGuard::post_call(std::string& answer,
                                                           std::string_view request) {
    bool changed = false;
    auto error = co_await ask_all(kPostCall, answer, request, true, changed);
    co_return error;
}

asio::awaitable<bool> CallGuard::mask_for_logs(std::string& document, bool answer) {
    bool changed = false;
    const auto error = co_await ask_all(kLoggingOnly, document, {}, answer, changed);
    co_return !error;
}

std::optional<Error> CallGuard::push(std::string_view chunk) {
    for (const auto& one : all_) {
        if (!one->in(kPostCall)) continue;
        if (auto taken = one->window.push(chunk); !taken) return taken.error();
        break;
    }
    return std::nullopt;
}

bool CallGuard::window_due() const {
    return std::any_of(all_.begin(), all_.end(),
                       [](const auto& one) { return one->in(kPostCall) && one->due(); });
}

asio::awaitable<std::optional<Error>> CallGuard::pump_one(One& one, std::string_view request,
                                                          bool last,
                                                          std::vector<std::string>& out) {
    Inspection inspection;
    inspection.stage = BAY_STAGE_STREAM;
    inspection.last = last;
    inspection.window = ++one.windows;
    inspection.request = request;
    inspection.texts = one.window.texts(last);
    if (inspection.texts.empty()) {
        one.window.apply(allow(), last, out);
        co_return std::nullopt;
    }
    auto verdict = co_await ask(one, kPostCall, inspection, std::nullopt);
    if (!verdict) co_return verdict.error();
    one.window.apply(*verdict, last, out);
    co_return std::nullopt;
}

asio::awaitable<std::optional<Error>> CallGuard::pump(std::string_view request, bool last,
                                                      std::vector<std::string>& out) {
    // What one guardrail lets through is what the next one sees.
    std::vector<std::string> passed;
    bool first = true;
    for (const auto& one : all_) {
        if (!one->in(kPostCall)) continue;
        for (const std::string& chunk : passed) {
            if (auto taken = one->window.push(chunk); !taken) co_return taken.error();
        }
        if (!first) passed.clear();
        first = false;
        if (!last && !one->due()) co_return std::nullopt;
        auto error = co_await pump_one(*one, request, last, passed);
        if (error) co_return error;
    }
    for (std::string& chunk : passed) out.push_back(std::move(chunk));
    co_return std::nullopt;
}

void CallGuard::restart_stream() {
    for (const auto& one : all_) {
        one->window = StreamWindow();
        one->windows = 0;
    }
}

}  // namespace patchbay::guard
