// The models that a client may be shown.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/world/snapshot.hpp"

namespace patchbay {

/// A model by the name under which it can be asked for. Views live as long as the snapshot.
struct ListedModel {
    std::string id;
    std::string_view mode;  ///< empty, 0 = not known
    std::int64_t max_input_tokens = 0;
    std::int64_t max_output_tokens = 0;
};

/// All of them in the file's order, each id once. In place of a name with '*' stand the models that
/// the catalogue has of its provider, under names that lead there; as in LiteLLM a pattern "*" of
/// one provider lists them as "provider/model", and one of every provider lists none. With
/// `patterns` the names with '*' are there too, each before its models.
///
/// Of a group whose deployments differ, the largest limits are told (LiteLLM does so). With a
/// wildcard this goes through the catalogue once: some 0.1 ms; it is made anew for each call.
std::vector<ListedModel> listed_models(const Snapshot& snapshot, bool patterns);

}  // namespace patchbay
