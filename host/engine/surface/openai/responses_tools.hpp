// The tools of the Responses API as tools of the chat API.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "contract/error.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"
#include "patchbay/provider.h"

namespace patchbay::surface {

/// Names, as they were sent, of the tools whose input is free text: chat's models get them as
/// functions with one parameter, "input", and their calls are told as custom_tool_call again.
using CustomTools = std::vector<std::string>;

/// The function that stands for a search among tools that the client makes itself.
inline constexpr std::string_view kToolSearch = "tool_search";

/// The tools of one request, wherever it tells them: in its member `tools`, in items `additional_tools`
/// and in what the client's own search has found. For one translation.
class ResponseTools {
  public:
    explicit ResponseTools(Reading& reading) : reading_(reading) {}

    /// Takes `tools`, an array, which stands at `list`. The tools of a namespace are tools like others,
    /// told with their group by the names of the reading. Tools that OpenAI runs have no counterpart
    /// but the web search, and are refused by the reading. A tool that an earlier list has told is not
    /// told again. Fails on a wrong shape.
    Result<void> add(const json::value& tools, const Place& list);
    /// The names of the functions of the last list, as they are sent.
    const json::array& named() const { return named_; }
    /// Writes `tools` and `web_search_options`. The last call.
    void write(json::object& chat);

    CustomTools custom;
    bool client_search = false;  ///< kToolSearch is among them

  private:
    Result<void> add_tool(const json::object& tool, const Place& list, const Place& place);
    Result<bool> add_function(const json::object& tool, std::string_view group, const Place& place);
    Result<void> add_namespace(const json::object& group, const Place& place);
    Result<void> add_search(const json::object& tool, const Place& place);
    Result<void> add_client_search(const json::object& tool, const Place& place);
    void push(json::object function);

    Reading& reading_;
    json::array tools_;
    /// By name: which list was the first to tell it, and which one is read.
    std::unordered_map<std::string, std::size_t> told_;
    std::size_t list_ = 0;
    json::array named_;
    std::optional<json::object> web_search_;
};

/// Has a request of the Responses API, of which `members` is the index, tools that only OpenAI's own API
/// takes: of free text, in a namespace, a search by the client, or any in its items? Others that speak the
/// API refuse such a request. False for one that goes on from an earlier response, whom only its maker
/// knows. Looks into what mentions such tools alone.
bool has_openais_tools(std::span<const bay_member> members);

/// Writes `tool_choice` for `choice`; nothing if there are no tools. To be called behind
/// ResponseTools::write: a list of allowed tools leaves only those in `chat`.
Result<void> write_response_choice(const json::value& choice, Reading& reading, json::object& chat);

}  // namespace patchbay::surface
