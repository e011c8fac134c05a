// License expressions.
#pragma once

#include <string>
#include <string_view>

namespace patchbay::check {

/// What is wrong with a license expression as the SPDX specification (annex D) defines it; empty =
/// nothing. Ids are those of licenses in common use and "LicenseRef-...".
std::string spdx_problem(std::string_view expression);

}  // namespace patchbay::check
