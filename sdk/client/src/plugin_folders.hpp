// Where the library's plugins are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace patchbay::client {

/// The folders of a list parted by ':'; of an empty one, "patchbay/plugins" beside the library that
/// this code is in, or beside its folder (lib/x86_64-linux-gnu and lib/patchbay/plugins).
std::vector<std::string> plugin_folders(std::string_view given);

}  // namespace patchbay::client
