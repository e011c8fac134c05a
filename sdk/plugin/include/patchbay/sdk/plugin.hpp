// SPDX-License-Identifier: Apache-2.0
// From classes to the ABI's tables, and the one exported function.
#pragma once

#include <type_traits>

#include "machine.hpp"

namespace bay {

/// The table of one kind over the components Ps..., each as described at Component.
template <class Base, class... Ps>
class Components {
  public:
    static const bay_kind* table() noexcept {
        static constexpr bay_kind kind{sizeof(bay_kind), 0,    component, create,
                                       destroy,          open, feed,      close};
        return &kind;
    }

  private:
    static_assert(sizeof...(Ps) > 0, "a kind needs at least one component");
    static_assert((std::is_base_of_v<Base, Ps> && ...), "a component of another kind");
    using Maker = std::unique_ptr<Base> (*)(std::string_view config, Diag& diag);

    template <class P>
    static std::unique_ptr<Base> make(std::string_view config, Diag& diag) {
        return std::make_unique<P>(config, diag);
    }
    static Base* self(bay_instance* instance) noexcept {
        return static_cast<Base*>(static_cast<void*>(instance));
    }
    static Exchange* self(bay_exchange* exchange) noexcept {
        return static_cast<Exchange*>(static_cast<void*>(exchange));
    }

    static const bay_component* component(std::uint32_t index) noexcept {
        static constexpr bay_component components[] = {
            {sizeof(bay_component), 0, {Ps::id, std::char_traits<char>::length(Ps::id)}}...};
        return index < sizeof...(Ps) ? &components[index] : nullptr;
    }
    static bay_status create(const bay_create_info* info, bay_diag* raw_diag,
                             bay_instance** out) noexcept {
        return guarded([&]() -> bay_status {
            static constexpr Maker makers[] = {&make<Ps>...};
            const Whole<bay_create_info> whole(info, info->size);
            for (std::uint32_t i = 0; i < sizeof...(Ps); ++i) {
                if (sv(component(i)->id) != sv((*whole).component)) continue;
                Diag diag(raw_diag);
                auto made = makers[i](sv((*whole).config), diag);
                if (diag.failed()) return BAY_E_INVALID;
                *out = static_cast<bay_instance*>(static_cast<void*>(made.release()));
                return BAY_OK;
            }
            return BAY_E_UNSUPPORTED;
        });
    }
    static void destroy(bay_instance* instance) noexcept { delete self(instance); }
    static bay_status open(bay_instance* instance, const bay_open_info* info,
                           bay_exchange** out) noexcept {
        return guarded([&]() -> bay_status {
            auto exchange = self(instance)->open(*Whole<bay_open_info>(info, info->size));
            if (!exchange) return BAY_E_INTERNAL;
            *out = static_cast<bay_exchange*>(static_cast<void*>(exchange.release()));
            return BAY_OK;
        });
    }
    static bay_status feed(bay_exchange* exchange, const bay_event* event, bay_out* out) noexcept {
        return guarded([&] { return dispatch(*self(exchange), event, Out(out)); });
    }
    static void close(bay_exchange* exchange) noexcept { delete self(exchange); }
};

/// "bay.provider/1" over the components Ps..., classes derived from Provider.
template <class... Ps>
struct Providers : Components<Provider, Ps...> {
    static constexpr const char* kKind = BAY_KIND_PROVIDER;
};
/// "bay.guardrail/1" over the components Gs..., classes derived from Guardrail.
template <class... Gs>
struct Guardrails : Components<Guardrail, Gs...> {
    static constexpr const char* kKind = BAY_KIND_GUARDRAIL;
};
/// "bay.logger/1" over the components Ls..., classes derived from Logger.
template <class... Ls>
struct Loggers : Components<Logger, Ls...> {
    static constexpr const char* kKind = BAY_KIND_LOGGER;
};

/// The functions of bay_entry over any number of kinds.
template <class... Kinds>
struct PluginFile {
    static bay_status init(const bay_host* host, bay_diag*) noexcept {
        Host::raw() = host;
        return BAY_OK;
    }
    static void deinit() noexcept {}
    static const bay_kind* get_kind(const char* id) noexcept {
        const bay_kind* found = nullptr;
        ((std::strcmp(id, Kinds::kKind) == 0 ? void(found = Kinds::table()) : void()), ...);
        return found;
    }
};

}  // namespace bay

/// Name of the array with the manifest's text, and with "_size" appended of its length.
/// patchbay_add_plugin() defines it, and both objects in a generated source.
#ifndef BAY_MANIFEST_NAME
#define BAY_MANIFEST_NAME bay_manifest
#endif
#define BAY_CONCAT_(a, b) a##b
#define BAY_CONCAT(a, b) BAY_CONCAT_(a, b)

/// The exported function of a plugin file: BAY_PLUGIN(bay::Providers<A, B>, bay::Loggers<C>). Once
/// per file, at global scope.
#define BAY_PLUGIN(...)                                                                         \
    extern "C" const char BAY_MANIFEST_NAME[];                                                  \
    extern "C" const std::size_t BAY_CONCAT(BAY_MANIFEST_NAME, _size);                          \
    extern "C" BAY_EXPORT const bay_entry* BAY_CALL BAY_ENTRY_NAME(void) BAY_NOEXCEPT {         \
        using File = bay::PluginFile<__VA_ARGS__>;                                              \
        static const bay_entry entry{sizeof(bay_entry),                                         \
                                     BAY_ABI_MINOR,                                             \
                                     BAY_TARGET_MINOR,                                          \
                                     0,                                                         \
                                     {BAY_MANIFEST_NAME, BAY_CONCAT(BAY_MANIFEST_NAME, _size)}, \
                                     File::init,                                                \
                                     File::deinit,                                              \
                                     File::get_kind};                                           \
        return &entry;                                                                          \
    }
