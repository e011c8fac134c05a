// What plugin-check prints.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "test.hpp"

namespace patchbay::check {

struct Result {
    std::string name;
    std::string rule;
    Outcome outcome;
};

/// Lines about one result, with the last newline.
std::string as_text(const Result& result);
/// The last line: how many of each.
std::string summary(const std::vector<Result>& results);
/// One document with everything; docs/plugin-check.md has its members.
std::string as_json(const Subject& subject, const std::vector<Result>& results);
/// No error among them.
bool all_good(const std::vector<Result>& results);

}  // namespace patchbay::check
