#include "engine/models/embedded.hpp"

#include "engine/models/embed.hpp"

EMBED("patchbay_models", "models.tsv");
EMBED("patchbay_providers", "providers.txt");

extern "C" {
extern const char patchbay_models_begin[];
extern const char patchbay_models_end[];
extern const char patchbay_providers_begin[];
extern const char patchbay_providers_end[];
}

namespace patchbay {

std::string_view embedded_models() {
    return {patchbay_models_begin, patchbay_models_end};
}

std::string_view embedded_providers() {
    return {patchbay_providers_begin, patchbay_providers_end};
}

}  // namespace patchbay
