// How the APIs of Azure differ from OpenAI's: facts.
#pragma once

#include "openai_shared/dialect.hpp"

namespace patchbay::azure {

/// OpenAI's models at Azure. `site` is the instance's.
openai::Dialect azure_dialect(const openai::Site& site);
/// Text completions of the same.
openai::Dialect azure_text_dialect(const openai::Site& site);
/// The other models of Azure AI Foundry.
openai::Dialect azure_ai_dialect(const openai::Site& site);

}  // namespace patchbay::azure
