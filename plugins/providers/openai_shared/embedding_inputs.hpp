// Inputs of embeddings in another form than OpenAI's, which some models of a provider have.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dialect.hpp"

namespace patchbay::openai {

/// The row of the model; nullptr if its inputs are OpenAI's.
const InputRule* find_input_rule(const OperationRule* rule, std::string_view model);

/// The value of "inputs" for `input`, a JSON text; nothing for what is no text, list of texts or list
/// in the form itself.
///  - InputForm::documents: a list of lists of chunks; a text alone is a document of one chunk.
///  - InputForm::contents: a list of {"content": [parts]}; the data URL of a picture is a picture.
std::optional<std::string> inputs_of(InputForm form, std::string_view input);

/// The value of "input" for `input`, a JSON text; nothing if it is sent as it is.
std::optional<std::string> input_of(InputList list, std::string_view input);

}  // namespace patchbay::openai
