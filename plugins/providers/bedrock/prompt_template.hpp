// SPDX-License-Identifier: Apache-2.0
// A conversation as one text, in the marks that a model was trained with.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json.hpp"

namespace patchbay::bedrock {

enum class Speaker { system, user, assistant };

/// What one message says.
struct Turn {
    Speaker speaker = Speaker::user;
    std::string text;
};

/// The turns of a chat request. Fails with BAY_ERR_BAD_REQUEST, naming the place, if there are none and
/// for what no text can say: pictures, calls, results of tools.
Result<std::vector<Turn>> turns_of(const json::object& client);

/// What stands around the words of one speaker.
struct Marks {
    std::string_view before = {};
    std::string_view after = {};
};

/// The marks of a family of models.
struct PromptTemplate {
    std::string_view begin = {};  ///< of the whole
    Marks system = {}, user = {}, assistant = {};
    std::string_view open = {};     ///< behind which the model is to answer
    std::string_view between = {};  ///< two turns
    bool trims = false;             ///< white space around the words of a turn does not count
    bool bare_alone = false;  ///< one message of the user's alone stands as it is, without marks
};

/// The prompt. A last turn of the assistant's stays open: the model goes on from it.
std::string prompt_of(const std::vector<Turn>& turns, const PromptTemplate& form);

}  // namespace patchbay::bedrock
