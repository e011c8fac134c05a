// Apart from the other tables, as programs that ask for no abilities do not have them.
#include "engine/models/embed.hpp"
#include "engine/models/embedded.hpp"

EMBED("patchbay_abilities", "abilities.tsv");

extern "C" {
extern const char patchbay_abilities_begin[];
extern const char patchbay_abilities_end[];
}

namespace patchbay {

std::string_view embedded_abilities() {
    return {patchbay_abilities_begin, patchbay_abilities_end};
}

}  // namespace patchbay
