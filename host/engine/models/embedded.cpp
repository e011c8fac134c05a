#include "engine/models/embedded.hpp"

// The assembler takes the files into the read-only data as they are; a string literal of their size
// would cost the compiler seconds. PATCHBAY_MODELS_DIR is this folder (CMakeLists.txt).
#define EMBED(symbol, file)                                     \
    __asm__(                                                    \
        ".pushsection .rodata\n"                                \
        ".local " symbol "_begin, " symbol "_end\n" symbol      \
        "_begin:\n"                                             \
        ".incbin \"" PATCHBAY_MODELS_DIR "/" file "\"\n" symbol \
        "_end:\n"                                               \
        ".popsection\n")

EMBED("patchbay_models", "models.tsv");
EMBED("patchbay_abilities", "abilities.tsv");
EMBED("patchbay_providers", "providers.txt");

extern "C" {
extern const char patchbay_models_begin[];
extern const char patchbay_models_end[];
extern const char patchbay_abilities_begin[];
extern const char patchbay_abilities_end[];
extern const char patchbay_providers_begin[];
extern const char patchbay_providers_end[];
}

namespace patchbay {

std::string_view embedded_models() {
    return {patchbay_models_begin, patchbay_models_end};
}

std::string_view embedded_abilities() {
    return {patchbay_abilities_begin, patchbay_abilities_end};
}

std::string_view embedded_providers() {
    return {patchbay_providers_begin, patchbay_providers_end};
}

}  // namespace patchbay
