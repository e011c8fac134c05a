// One call at a time for everything the ABI tags [control].
#pragma once

#include <mutex>

namespace patchbay {

/// Held around init, deinit, create and destroy of every plugin. The rule is one call at a time per
/// file; one lock for all of them is enough, because these calls are rare and none may wait for
/// another.
inline std::mutex& plugin_control_mutex() {
    static std::mutex mutex;
    return mutex;
}

}  // namespace patchbay
