// SPDX-License-Identifier: Apache-2.0
// What a plugin may ask of the host outside of an exchange: log, clock, randomness, extensions.
#pragma once

#include <string>

#include "text.hpp"

namespace bay {

/// The host's services; set before anything else of the plugin runs. [any]
class Host {
  public:
    static std::string_view name() noexcept { return raw() ? sv(raw()->name) : ""; }
    static std::string_view version() noexcept { return raw() ? sv(raw()->version) : ""; }
    /// Minor of the host's ABI, 0 before init().
    static std::uint32_t abi_minor() noexcept { return raw() ? raw()->abi_minor : 0; }

    /// Writes a line to the gateway's log. Never put keys or prompts in it.
    static void log(std::uint32_t level, std::string_view message) noexcept {
        if (raw()) raw()->log(raw(), level, str(message));
    }
    static bool logs(std::uint32_t level) noexcept {
        return raw() && level >= raw()->log_level(raw());
    }

    /// Milliseconds since 1970, the only clock a plugin may read.
    static std::int64_t unix_ms() noexcept { return raw() ? raw()->unix_ms(raw()) : 0; }
    static void random(void* to, std::size_t size) noexcept {
        if (raw()) raw()->random(raw(), to, size);
    }
    /// `digits` random lower-case hex digits, as in "chatcmpl-" + random_hex(32).
    static std::string random_hex(std::size_t digits) {
        std::string text(digits, '0');
        random(text.data(), digits);
        for (char& c : text) c = "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
        return text;
    }

    /// A host service by id, such as BAY_EXT_CRYPTO; nullptr if this host has none. Its functions
    /// must be checked with BAY_HAS against its own `size`.
    template <class T>
    static const T* extension(const char* id) noexcept {
        return raw() ? static_cast<const T*>(raw()->get_extension(raw(), id)) : nullptr;
    }

    /// The ABI's table, nullptr before init().
    static const bay_host*& raw() noexcept {
        static const bay_host* host = nullptr;
        return host;
    }
};

/// Problems found while an instance is made; the host shows them all to the operator.
class Diag {
  public:
    explicit Diag(bay_diag* diag) noexcept : diag_(diag) {}
    /// `pointer`: RFC 6901 pointer into the config, "" for the whole. After an error the instance
    /// is not used.
    void error(std::string_view pointer, std::string_view message) noexcept {
        failed_ = true;
        report(BAY_LOG_ERROR, pointer, message);
    }
    void warn(std::string_view pointer, std::string_view message) noexcept {
        report(BAY_LOG_WARN, pointer, message);
    }
    bool failed() const noexcept { return failed_; }

  private:
    void report(std::uint32_t severity, std::string_view pointer,
                std::string_view message) noexcept {
        if (diag_ && diag_->report) diag_->report(diag_, severity, str(pointer), str(message));
    }
    bay_diag* diag_;
    bool failed_ = false;
};

}  // namespace bay
