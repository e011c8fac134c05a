#include "engine/call/mirror.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "engine/call/run_call.hpp"
#include "engine/call/unsent_answer.hpp"
#include "engine/router/router.hpp"
#include "engine/surface/body_edit.hpp"

namespace patchbay {

namespace asio = boost::asio;

asio::execution_context::id Mirrors::id;

namespace {

/// What can be asked twice without making or keeping anything.
constexpr std::array kSurfaces{&kChatSurface,     &kCompletionsSurface,   &kEmbeddingsSurface,
                               &kMessagesSurface, &kGenerateSurface,      &kStreamGenerateSurface,
                               &kConverseSurface, &kConverseStreamSurface};

// The labels of the request, and that it is a copy. Where "metadata" is the API's own, LiteLLM's labels
// stand in a member beside it.
BodyMember labels_of(const Call& call) {
    const bool chat = &call.surface == &kChatSurface;
    const std::string_view name = chat ? "metadata" : "litellm_metadata";
    const bay_member* const own = find_member(call.ask.members(), name);
    std::string_view inside;
    if (own != nullptr && own->value.len > 1 && own->value.ptr[0] == '{') {
        inside = {own->value.ptr + 1, own->value.len - 2};
    }
    std::string text = R"({"is_silent_experiment":true)";
    if (inside.find('"') != inside.npos) text.append(",").append(inside);
    return {'"' + std::string(name) + '"', text + "}"};
}

// What the client says of retries, fallbacks and the cache is about its own answer.
std::string body_of(const Call& call) {
    const std::vector<BodyMember> own{labels_of(call),
                                      {R"("num_retries")", "0"},
                                      {R"("disable_fallbacks")", "true"},
                                      {R"("cache")", R"({"no-cache":true,"no-store":true})"}};
    BodyEdits edits;
    edits.overrides = own;
    edits.drop = [](std::string_view name) {
        return name.ends_with("fallbacks") || name.starts_with("mock_testing_") ||
               name == "priority";
    };
    const EditedBody edited({call.ask.body, call.ask.members()}, edits);
    return std::string(edited.view().json);
}

// As with fallbacks: no guardrail of the other group may be passed by.
bool is_guarded(const Call& call, const ModelGroup& group) {
    const auto& wanted = group.guardrails;
    if (wanted.empty()) return true;
    const std::string applied = ", " + call.applied_guardrails + ", ";
    return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& name) {
        return applied.find(", " + name + ", ") != applied.npos;
    });
}

}  // namespace

void mirror(const Call& call) {
    const std::string& model = call.deployment->silent_model;
    if (model.empty() || call.check || call.within || call.ask.previous) return;
    if (call.engine.own_calls || call.engine.ad_hoc) return;
    const auto* const known = std::find(kSurfaces.begin(), kSurfaces.end(), &call.surface);
    if (known == kSurfaces.end()) return;
    // The name may be a wildcard's, an id, or an alias, whose group has guardrails as any other.
    const auto found = resolve_model(*call.world, model, call.surface.route);
    if (!found) return;  // the configuration was told so
    // What guardrails changed of the translation is not in the request itself.
    const bool changed = call.request_changed && call.hub != nullptr;
    bool made = !changed && is_guarded(call, *found->group);
    if (!made) {
        spdlog::warn("no copy of call {} for silent_model '{}': guardrails have not seen it",
                     call.id, model);
    } else {
        made = asio::use_service<Mirrors>(call.engine.loop.io)
                   .start(call.engine, call.surface, call.id + "-silent", model, body_of(call));
    }
    call.engine.metrics.count_mirror(made);
}

struct Mirrors::Copy {
    std::string id;
    std::string model;
    std::string body;
    asio::cancellation_signal leave;
    bool done = false;
};

Mirrors::Mirrors(asio::execution_context& context) : service(context) {}
Mirrors::~Mirrors() = default;

bool Mirrors::start(Engine& engine, const Surface& surface, std::string call_id, std::string model,
                    std::string body) {
    const std::size_t size = body.size();
    if (stopped_ || copies_.size() >= kMostUnderWay || bytes_ + size > kMostBytes) return false;
    bytes_ += size;
    copies_.push_front(std::make_unique<Copy>());
    const auto at = copies_.begin();
    Copy& copy = **at;
    copy.id = std::move(call_id);
    copy.model = std::move(model);
    copy.body = std::move(body);
    auto& io = static_cast<asio::io_context&>(context());
    // What the coroutine was made of is gone only when its end was told.
    const auto ended = [this, &io, at, size](std::exception_ptr) {
        (*at)->done = true;
        asio::post(io, [this, at, size] {
            bytes_ -= size;
            copies_.erase(at);
        });
    };
    asio::co_spawn(io, run(engine, surface, copy),
                   asio::bind_cancellation_slot(copy.leave.slot(), ended));
    return true;
}

asio::awaitable<void> Mirrors::run(Engine& engine, const Surface& surface, Copy& copy) {
    const Caller caller{.address = "silent_model"};
    Call call(engine, surface, caller, copy.id);
    call.within = true;
    const AskParts parts{
        .body = copy.body, .query = {}, .path_model = copy.model, .caller = caller};
    UnsentAnswer answer;
    co_await run_call(call, parts, answer);
}

void Mirrors::stop() {
    stopped_ = true;
    for (const auto& copy : copies_) {
        if (!copy->done) copy->leave.emit(asio::cancellation_type::terminal);
    }
}

}  // namespace patchbay
