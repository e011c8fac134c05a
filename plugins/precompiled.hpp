#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <patchbay/json_tree.hpp>
#include <patchbay/sdk.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json.hpp>
