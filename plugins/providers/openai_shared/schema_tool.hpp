// JSON of a schema from models that have no such response_format: by way of a tool, as LiteLLM asks
// for it. The schema is the parameters of a tool of ours, the model is made to call it, and the
// arguments of the call are the content of the answer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "dialect.hpp"

namespace patchbay::openai {

/// LiteLLM's name of the tool.
inline constexpr std::string_view kSchemaTool = "json_tool_call";

/// True for the two rules that ask for a schema so.
constexpr bool is_by_tool(FormatRule rule) {
    return rule == FormatRule::schema_as_tool || rule == FormatRule::only_schema_as_tool;
}

/// The tool for a response_format of the type json_schema, as JSON text; empty if it is none.
std::string schema_tool(std::string_view response_format);

/// The client's `tools`, with `tool` as the last one. What is no list is returned as it is.
std::string with_tool(std::string_view tools, std::string_view tool);

/// The tool_choice that makes the model answer: of the tool alone, or of any where the client has
/// tools of its own. A client that names one of its own gets that. `given`: the client's, or empty.
std::string schema_tool_choice(std::string_view given, bool own_tools);

/// The calls of that tool in one stream. Not thread-safe.
class SchemaCalls {
  public:
    /// Rewrites a choice of a chunk in place: pieces of the tool's arguments become content, and an
    /// answer that ends with no other call ends with "stop". True if anything changed.
    bool take(boost::json::object& choice);

  private:
    struct Answer {
        std::uint64_t choice;
        std::uint64_t call;   ///< its index among the choice's calls
        bool others = false;  ///< there are calls of the client's tools, too
    };
    static constexpr std::size_t kMost = 64;  ///< choices that are kept apart

    Answer* find(std::uint64_t choice);

    std::vector<Answer> answers_;
};

/// The same for a choice of a whole answer, if it is one call of the tool and no other.
bool take_schema_answer(boost::json::object& choice);

}  // namespace patchbay::openai
