// The results of a turn's calls, as Google wants them: all in one turn of the user.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "failure.hpp"
#include "function_names.hpp"
#include "json.hpp"
#include "parts.hpp"

namespace patchbay::google {

/// Collects what comes behind a turn of calls. Holds no views into messages.
class ToolResults {
  public:
    ToolResults(PartContext& context, FunctionNames& names) : context_(context), names_(names) {}

    /// A turn of the model begins; calls of earlier turns are only looked at when none of it fits.
    void begin_turn() { turn_ = calls_.size(); }
    /// It called `name`; `id` is the client's, without a signature.
    void call(std::string_view id, std::string_view name);

    /// One message with the role tool or function. An object stays one, as functionResponse has it, but
    /// for one that has a "$ref", which means something there; other text becomes {"content": text}, that
    /// of an error {"error": text}. Images and files stand in the result for Gemini 3, else behind all
    /// results.
    Result<void> add(const json::object& message, std::size_t index);

    /// The parts of the user's turn for what was added since the last time: results in the order of
    /// their calls, then media, then the texts of results that no call asked for.
    json::array take();

  private:
    struct Call {
        std::string id;
        std::string name;
    };
    struct Made {
        std::size_t order;
        json::object part;
    };

    /// Calls without a result, by their place in calls_, of each id or name: a conversation may have
    /// very many.
    using Open = std::map<std::string, std::set<std::size_t>, std::less<>>;

    std::optional<std::size_t> find_call(std::string_view id, std::string_view name) const;

    PartContext& context_;
    FunctionNames& names_;
    std::vector<Call> calls_;
    Open by_id_, by_name_;
    std::size_t turn_ = 0;  ///< the first call of the last turn
    std::vector<Made> made_;
    json::array media_;   ///< that results of older models cannot hold
    json::array behind_;  ///< texts of results without a call
};

}  // namespace patchbay::google
