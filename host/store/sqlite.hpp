// SQLite behind session.hpp.
#pragma once

#include <filesystem>

#include "store/database.hpp"

namespace patchbay::store {

/// Opens or makes the file.
Stored<std::unique_ptr<Session>> open_sqlite(const std::filesystem::path& file, Access access);

}  // namespace patchbay::store
