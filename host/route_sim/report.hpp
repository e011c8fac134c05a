// The table of a simulation.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "route_sim/simulation.hpp"

namespace patchbay::sim {

/// A table in Markdown, a row for each scenario and strategy, written as they come.
class Report {
  public:
    explicit Report(std::ostream& out);
    /// The medians of the scores of several seeds; there is one at least.
    void add(const std::string& scenario, const std::string& strategy,
             const std::vector<Score>& scores);

  private:
    std::ostream& out_;
};

}  // namespace patchbay::sim
