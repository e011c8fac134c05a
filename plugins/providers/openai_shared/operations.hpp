// What an instance opens: the machine of the operation that is asked.
#pragma once

#include <memory>
#include <string_view>

#include "dialect.hpp"
#include "patchbay/sdk/machine.hpp"

namespace patchbay::openai {

/// `dialect` must outlive the machine; its `operations` say which ones there are. [any]
std::unique_ptr<bay::Exchange> open_exchange(const Dialect& dialect);

/// True if this code has a machine for the operation.
bool has_operation(std::string_view id);

}  // namespace patchbay::openai
