// The member "operations" of a row.
#pragma once

#include <string>
#include <vector>

#include "openai_shared/dialect.hpp"
#include "row_fields.hpp"

namespace patchbay::openai {

/// "path", which begins with "/"; "" if it is not there.
void read_path(Fields& fields, std::string& path);

/// What the provider can be asked. `hosts`: where operations may be beside the host of the row's
/// address, which is known by now.
void read_operations(Fields& row, Dialect& dialect, std::vector<std::string> hosts);

}  // namespace patchbay::openai
