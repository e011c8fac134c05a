#include "app/release_at_once.hpp"

#include <mimalloc.h>

// Programs without mimalloc are tests, and builds with a sanitizer.
#pragma weak mi_option_get
#pragma weak mi_option_set

namespace patchbay::app {

ReleaseAtOnce::ReleaseAtOnce() {
    if (mi_option_set == nullptr) return;
    usual_ = mi_option_get(mi_option_decommit_delay);
    mi_option_set(mi_option_decommit_delay, 0);
}

ReleaseAtOnce::~ReleaseAtOnce() {
    if (mi_option_set != nullptr) mi_option_set(mi_option_decommit_delay, usual_);
}

}  // namespace patchbay::app
