#include "engine/plugins/plugin.hpp"

namespace patchbay {

namespace {

constexpr std::size_t kMaxItems = 100;

}  // namespace

Diagnostics::Diagnostics() : table_{sizeof(bay_diag), 0, this, report} {}

void BAY_CALL Diagnostics::report(bay_diag* diag, std::uint32_t severity, bay_str pointer,
                                  bay_str message) noexcept {
    auto& self = *static_cast<Diagnostics*>(diag->ctx);
    try {
        if (self.items_.size() >= kMaxItems) return;
        self.items_.push_back({severity >= BAY_LOG_ERROR, printable(pointer), printable(message)});
    } catch (...) {
        // Out of memory: the plugin's status still tells that it failed.
    }
}

std::string status_name(bay_status status) {
    switch (status) {
        case BAY_OK:
            return "BAY_OK";
        case BAY_E_INVALID:
            return "BAY_E_INVALID";
        case BAY_E_UNSUPPORTED:
            return "BAY_E_UNSUPPORTED";
        case BAY_E_STATE:
            return "BAY_E_STATE";
        case BAY_E_LIMIT:
            return "BAY_E_LIMIT";
        case BAY_E_NOMEM:
            return "BAY_E_NOMEM";
        case BAY_E_DENIED:
            return "BAY_E_DENIED";
        case BAY_E_INTERNAL:
            return "BAY_E_INTERNAL";
        default:
            return "status " + std::to_string(status);
    }
}

}  // namespace patchbay
