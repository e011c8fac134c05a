#include "engine/plugins/setting_files.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <sys/stat.h>

#include <boost/json/value.hpp>
#include <simdjson.h>

namespace patchbay {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr std::size_t kMost = 64 * 1024;

const json::object* property_of(const ManifestComponent& component, std::string_view member) {
    const auto* properties = component.config_schema.if_contains("properties");
    const auto* all = properties ? properties->if_object() : nullptr;
    const auto* property = all ? all->if_contains(member) : nullptr;
    return property ? property->if_object() : nullptr;
}

bool is_file(const json::object* property) {
    const auto* mark = property ? property->if_contains("x-bay-file") : nullptr;
    return mark && mark->is_bool() && mark->get_bool();
}

fs::path place_of(std::string_view name, const Environment& environment) {
    if (!name.starts_with("~/")) return name;
    const auto home = environment ? environment("HOME") : std::nullopt;
    return fs::path(home.value_or("/")) / name.substr(2);
}

std::optional<std::string> text_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    std::string text(kMost + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad()) return std::nullopt;
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    if (text.size() > kMost) return std::nullopt;
    if (!simdjson::validate_utf8(text.data(), text.size())) return std::nullopt;
    return text;
}

void note(std::vector<SettingFile>& files, SettingFile file) {
    const auto known = std::find_if(files.begin(), files.end(),
                                    [&](const auto& one) { return one.path == file.path; });
    if (known == files.end()) {
        files.push_back(std::move(file));
    } else {
        known->stamp = std::move(file.stamp);
    }
}

}  // namespace

std::string stamp_of(const fs::path& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) return {};
    return std::to_string(found.st_dev) + ":" + std::to_string(found.st_ino) + ":" +
           std::to_string(found.st_size) + ":" + std::to_string(found.st_ctim.tv_sec) + "." +
           std::to_string(found.st_ctim.tv_nsec);
}

void read_setting_files(
    const ManifestComponent& component, json::object& settings, const Environment& environment,
    std::vector<SettingFile>& files,
    const std::function<void(const std::string& pointer, const std::string& message)>& report) {
    std::vector<std::string> absent;
    for (auto& [name, value] : settings) {
        const json::object* property = property_of(component, name);
        if (!is_file(property) || !value.is_string() || value.get_string().empty()) continue;
        const auto* usual = property->if_contains("default");
        const bool by_default = usual && *usual == value;
        const fs::path path = place_of(value.get_string(), environment);
        // Before it is read: what is written in between is a change.
        const std::string stamp = stamp_of(path);
        auto text = text_of(path);
        note(files, {path, stamp});
        if (!text && by_default) {
            absent.emplace_back(name);
            continue;
        }
        if (!text) {
            report("/" + std::string(name),
                   "the file that it names cannot be read, or is no text of up to 64 KiB");
        }
        value = text.value_or(std::string());
    }
    for (const std::string& name : absent) settings.erase(name);
}

bool any_changed(const std::vector<SettingFile>& files) {
    return std::any_of(files.begin(), files.end(),
                       [](const SettingFile& file) { return stamp_of(file.path) != file.stamp; });
}

}  // namespace patchbay
