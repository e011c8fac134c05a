// Settings of a component that stand in files: tokens that are renewed there, profiles, key files.
// A plugin reads no files, so the host does, and looks now and then whether they have changed.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "config/loader.hpp"
#include "contract/manifest/manifest.hpp"

namespace patchbay {

/// A file that was read, and what tells that it is another one by now.
struct SettingFile {
    std::filesystem::path path;
    std::string stamp;  ///< stamp_of() before it was read

    bool operator==(const SettingFile&) const = default;
};

/// Device, number, size and time of the file, behind links; empty if there is none. What is mounted
/// in place of it has another.
std::string stamp_of(const std::filesystem::path& path);

/// Puts its text in place of every member of `settings` whose schema says "x-bay-file": true and that
/// names a file ("~/" is the home directory of `environment`). Blocks; 64 KiB of UTF-8 at most. Of a
/// file that cannot be read the text is empty, which `report` is told, unless only the schema's default
/// names it: then the member is taken out. `files` gets each file once, with its last stamp, those that
/// are not there too.
void read_setting_files(
    const ManifestComponent& component, boost::json::object& settings,
    const Environment& environment, std::vector<SettingFile>& files,
    const std::function<void(const std::string& pointer, const std::string& message)>& report);

/// True if one of them is not what it was.
bool any_changed(const std::vector<SettingFile>& files);

}  // namespace patchbay
