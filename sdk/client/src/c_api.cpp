// The functions of patchbay/client.h: handles, checks, and no exception that gets out.
#include <cstring>
#include <memory>
#include <new>

#include "client.hpp"
#include "json_at.hpp"
#include "log_lines.hpp"
#include "look_up.hpp"
#include "patchbay/client.h"
#include "plugin_folders.hpp"
#include "this_process.hpp"

using patchbay::Problem;
namespace client = patchbay::client;

/// What the program holds. `process` is the one that made it.
struct bay_client {
    std::shared_ptr<client::Client> client;
    std::uint32_t process = client::this_process();
};

/// The call does not keep its client alive: it can outlive it.
struct bay_call {
    std::shared_ptr<client::CallState> state;
    std::weak_ptr<client::Client> client;
    std::uint32_t process = client::this_process();
};

namespace {

std::string_view view(bay_str text) {
    return {text.ptr, text.len};
}

template <class Handle>
bool forked(const Handle* handle) {
    return handle->process != client::this_process();
}

/// What an extensible struct has at `member`, if it is so long (R5 of patchbay/abi.h).
template <class Options, class Member>
Member given(const Options* options, Member Options::*member) {
    const auto* start = reinterpret_cast<const char*>(options);
    const auto* at = reinterpret_cast<const char*>(&(options->*member));
    const auto end = static_cast<std::size_t>(at - start) + sizeof(Member);
    return options->size >= end ? options->*member : Member{};
}

/// Runs `step` and turns what it throws into a status.
template <class Step>
bay_status guarded(Step step) noexcept {
    try {
        return step();
    } catch (const std::bad_alloc&) {
        return BAY_E_NOMEM;
    } catch (...) {
        return BAY_E_INTERNAL;
    }
}

void tell(bay_diag* diag, const std::vector<Problem>& problems) {
    if (diag == nullptr || diag->report == nullptr) return;
    for (const Problem& problem : problems) {
        const std::string place = problem.place.text();
        const bool error = problem.severity == Problem::Severity::error;
        diag->report(diag, error ? BAY_LOG_ERROR : BAY_LOG_WARN, {place.data(), place.size()},
                     {problem.message.data(), problem.message.size()});
    }
}

client::WorldOptions world_options(const bay_client_options* options) {
    client::WorldOptions world;
    std::string_view folders;
    if (options != nullptr) {
        world.config = view(given(options, &bay_client_options::config));
        world.config_file = view(given(options, &bay_client_options::config_file));
        folders = view(given(options, &bay_client_options::plugin_directories));
        world.settings_only =
            (given(options, &bay_client_options::flags) & BAY_CLIENT_SETTINGS_ONLY) != 0;
    }
    world.plugin_directories = client::plugin_folders(folders);
    return world;
}

}  // namespace

uint32_t bay_client_abi_minor() noexcept {
    return BAY_CLIENT_ABI_MINOR;
}

bay_status bay_client_open(const bay_client_options* options, bay_client** out) noexcept {
    if (out == nullptr) return BAY_E_INVALID;
    *out = nullptr;
    return guarded([&] {
        client::watch_forks();
        const auto log = options ? given(options, &bay_client_options::log) : nullptr;
        client::send_log_lines(log, log ? given(options, &bay_client_options::log_ctx) : nullptr);
        std::vector<Problem> problems;
        auto worlds = client::Worlds::open(world_options(options), problems);
        auto handle = worlds ? std::make_unique<bay_client>() : nullptr;
        if (handle) {
            handle->client = std::make_shared<client::Client>(std::move(worlds), problems);
        }
        if (options != nullptr) tell(given(options, &bay_client_options::problems), problems);
        *out = handle.release();
        return bay_status{*out ? BAY_OK : BAY_E_INVALID};
    });
}

void bay_client_close(bay_client* handle) noexcept {
    if (handle == nullptr || forked(handle)) return;
    guarded([&] {
        handle->client->close();
        delete handle;
        return BAY_OK;
    });
}

bay_status bay_client_look_up(bay_client* handle, bay_str what, bay_str about,
                              void (*take)(void*, bay_str), void* ctx) noexcept {
    if (handle == nullptr || take == nullptr) return BAY_E_INVALID;
    if (forked(handle)) return BAY_CLIENT_E_FORKED;
    return guarded([&] {
        std::string json;
        const bay_status status =
            client::look_up(*handle->client->worlds().base(), view(what), view(about), json);
        if (status == BAY_OK) take(ctx, {json.data(), json.size()});
        return status;
    });
}

bay_status bay_call_start(bay_client* handle, const bay_call_options* options,
                          bay_call** out) noexcept {
    if (out == nullptr) return BAY_E_INVALID;
    *out = nullptr;
    if (handle == nullptr || options == nullptr) return BAY_E_INVALID;
    if (forked(handle)) return BAY_CLIENT_E_FORKED;
    return guarded([&] {
        const auto* operation = client::find_operation(view(options->operation));
        if (operation == nullptr) return bay_status{BAY_E_UNSUPPORTED};
        auto call = std::make_unique<bay_call>();
        call->client = handle->client;
        call->state = std::make_shared<client::CallState>(
            given(options, &bay_call_options::on_event),
            given(options, &bay_call_options::on_ready), given(options, &bay_call_options::ctx));
        const bool started =
            handle->client->start(*operation, view(given(options, &bay_call_options::request)),
                                  view(given(options, &bay_call_options::id)), call->state);
        if (!started) return bay_status{BAY_CLIENT_E_CLOSED};
        *out = call.release();
        return bay_status{BAY_OK};
    });
}

bay_status bay_call_next(bay_call* call, int64_t timeout_ms, bay_call_event* event) noexcept {
    if (call == nullptr) return BAY_E_INVALID;
    if (event != nullptr && !BAY_HAS(event->size, bay_call_event, data)) return BAY_E_INVALID;
    if (forked(call)) return BAY_CLIENT_E_FORKED;
    return guarded([&] { return call->state->next(timeout_ms, event); });
}

int bay_call_descriptor(bay_call* call) noexcept {
    if (call == nullptr || forked(call)) return -1;
    return call->state->descriptor();
}

void bay_call_cancel(bay_call* call) noexcept {
    if (call == nullptr || forked(call)) return;
    guarded([&] {
        if (const auto owner = call->client.lock()) owner->cancel(call->state);
        return BAY_OK;
    });
}

void bay_call_free(bay_call* call) noexcept {
    if (call == nullptr || forked(call)) return;
    if (!call->state->over()) bay_call_cancel(call);
    call->state->abandon();
    delete call;
}

bay_status bay_json_at(bay_str json, bay_str pointer, char* buffer, size_t* size) noexcept {
    if (size == nullptr) return BAY_E_INVALID;
    return guarded([&] {
        std::string found;
        const bay_status status = client::json_at(view(json), view(pointer), found);
        const std::size_t room = *size;
        *size = status == BAY_OK ? found.size() : 0;
        if (status != BAY_OK) return status;
        if (found.size() > room) return bay_status{BAY_E_LIMIT};
        if (!found.empty()) std::memcpy(buffer, found.data(), found.size());
        return bay_status{BAY_OK};
    });
}
