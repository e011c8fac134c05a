// Reading the members of a JSON object one by one, collecting every problem with its pointer.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>

#include "openai_shared/params.hpp"
#include "row.hpp"

namespace patchbay::openai {

/// One object of the row. Every read of a member marks its name as known; finish() reports the
/// rest. A member that is absent leaves the target as it is; one of the wrong type is a problem.
class Fields {
  public:
    /// `object` and `problems` must outlive this.
    Fields(const boost::json::object& object, std::string pointer,
           std::vector<RowProblem>& problems);

    void text(std::string_view name, std::string& target);
    void flag(std::string_view name, bool& target);
    void number(std::string_view name, std::optional<double>& target);
    /// A list of strings; a single string is a list of one.
    void texts(std::string_view name, std::vector<std::string>& target);
    /// An object whose values are strings, in its order.
    void text_pairs(std::string_view name,
                    std::vector<std::pair<std::string, std::string>>& target);
    /// A list of names of known parameters.
    void params(std::string_view name, ParamSet& target);

    /// One of `words`; its index goes to `target`.
    template <class Enum>
    void word(std::string_view name, Enum& target,
              std::initializer_list<std::pair<std::string_view, Enum>> words) {
        std::string given;
        if (!has(name)) return note(name);
        text(name, given);
        std::string known;
        for (const auto& [spelling, value] : words) {
            if (spelling == given) {
                target = value;
                return;
            }
            known.append(known.empty() ? "" : ", ").append(spelling);
        }
        problem(name, "must be one of " + known);
    }

    /// A member that is an object; nullptr if absent or not an object.
    const boost::json::object* object(std::string_view name);
    const boost::json::value* value(std::string_view name);

    bool has(std::string_view name) const { return object_.contains(name); }
    void problem(std::string_view name, std::string message);
    std::string pointer_to(std::string_view name) const;
    std::vector<RowProblem>& problems() { return problems_; }

    /// Reports members that nothing read.
    void finish();

  private:
    void note(std::string_view name) { known_.emplace_back(name); }

    const boost::json::object& object_;
    std::string pointer_;
    std::vector<RowProblem>& problems_;
    std::vector<std::string> known_;
};

}  // namespace patchbay::openai
