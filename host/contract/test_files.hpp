// Helpers of many tests: fixture plugins, a temporary directory, texts of the ABI.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdlib.h>
#include <string>
#include <string_view>

#include <boost/algorithm/hex.hpp>

#include "patchbay/abi.h"

namespace patchbay::test {

inline std::filesystem::path fixture(const std::string& name) {
    return std::filesystem::path(PATCHBAY_FIXTURE_DIR) / name;
}

/// A directory that is gone with the object.
class TemporaryDirectory {
  public:
    TemporaryDirectory() {
        std::string name =
            (std::filesystem::temp_directory_path() / "patchbay-test-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name, std::ios::binary) << text;
        return path_ / name;
    }
    /// Copies a fixture plugin here, with permissions the loader accepts.
    std::filesystem::path add_fixture(const std::string& name, const std::string& as = {}) const {
        const auto target = path_ / (as.empty() ? name : as);
        std::filesystem::copy_file(fixture(name), target);
        std::filesystem::permissions(target, std::filesystem::perms(0644));
        return target;
    }

  private:
    std::filesystem::path path_;
};

inline std::string read_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline std::string_view view(bay_str text) {
    return text.ptr == nullptr ? std::string_view() : std::string_view(text.ptr, text.len);
}

inline bay_str str(std::string_view text) {
    return {text.data(), text.size()};
}

/// Lower case.
inline std::string hex(const std::uint8_t* bytes, std::size_t size) {
    std::string text;
    boost::algorithm::hex_lower(bytes, bytes + size, std::back_inserter(text));
    return text;
}

}  // namespace patchbay::test
