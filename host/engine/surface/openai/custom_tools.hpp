// Chat's tools of free text (`{"type":"custom"}`) for providers that have functions only.
//
// There such a tool is a function with one parameter, "input", and its calls, of earlier turns too, are
// calls of that function. The way back: a call of a function that stands for a custom tool is a custom
// call again, whole and streamed. Its input is told when the arguments are whole, as in the Responses API
// (responses_tools.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "contract/error.hpp"
#include "engine/surface/hub/json_progress.hpp"
#include "engine/surface/hub/tree.hpp"
#include "patchbay/provider.h"

namespace patchbay::surface {

/// The function that stands for a tool of free text: `name`, `description` and the input that is wanted. A
/// grammar (`definition`, `syntax`, either may be empty) cannot be enforced; the model is told of it.
json::object free_text_function(std::string_view name, std::string_view description,
                                std::string_view definition, std::string_view syntax);

/// The text of a call's input out of the arguments of such a function: its "input", or, if the model
/// wrote something else, the arguments themselves.
std::string custom_input(std::string_view arguments);

/// May a chat request have custom tools? False only if it has none. Cheap: looks at the text of `tools`.
bool may_have_custom_tools(std::span<const bay_member> members);

/// A chat request with functions in the place of its custom tools.
struct FunctionsOfCustom {
    std::string json;
    std::vector<std::string> names;    ///< of the custom tools; empty: there are none, nor a `json`
    std::vector<std::string> dropped;  ///< what the functions do not say, by its place
};

/// `body` is a chat request, `members` its index. A custom tool without a name is a 400.
Result<FunctionsOfCustom> functions_of_custom(std::string_view body,
                                              std::span<const bay_member> members);

/// Turns the calls in answers to such a request back. One for each attempt, one thread at a time.
class CustomCalls {
  public:
    /// Arguments of a stream that are held at once, in bytes; of what is longer the pieces are told as they come.
    static constexpr std::size_t kMostHeld = std::size_t{16} << 20;
    /// More calls of one stream stay calls of functions.
    static constexpr std::size_t kMostCalls = 1024;

    explicit CustomCalls(std::vector<std::string> names) : names_(std::move(names)) {}

    /// A whole answer; nothing: it stays as it is.
    std::optional<std::string> whole(std::string_view json) const;
    /// The chunks in the place of one of a stream, appended to `chunks`, which may get none. False: it stays
    /// as it is.
    bool chunk(std::string_view json, std::vector<std::string>& chunks);

  private:
    struct Call {
        std::uint64_t choice;
        std::uint64_t index;
        std::string arguments{};  ///< that were not told yet
        JsonProgress progress{};
        bool told = false;  ///< nothing more of it is held
    };

    bool is_custom(std::string_view name) const;
    Call* find_call(std::uint64_t choice, std::uint64_t index);
    bool take(json::object& choice, json::array& late);
    json::value piece(Call& call, json::object entry, std::string_view name,
                      std::string_view arguments);

    std::vector<std::string> names_;
    std::vector<Call> calls_;
    std::size_t held_ = 0;
};

}  // namespace patchbay::surface
