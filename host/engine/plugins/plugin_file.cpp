#include "engine/plugins/plugin_file.hpp"

#include <utility>

#include "contract/crypto/crypto.hpp"
#include "contract/manifest/elf.hpp"
#include "engine/plugins/trusted_file.hpp"

namespace patchbay {

using boost::system::in_place_error;

namespace {

boost::system::result<PluginFile, std::string> read_plugin_file(const std::filesystem::path& file) {
    auto bytes = read_trusted_file(file, kMaxPluginFile);
    if (!bytes) return {in_place_error, bytes.error()};
    PluginFile plugin;
    plugin.file = file;
    plugin.bytes = std::move(*bytes);
    const auto elf = read_elf(plugin.bytes);
    if (!elf) return {in_place_error, elf.error()};
    auto manifest = parse_manifest(elf->manifest);
    if (!manifest) return {in_place_error, manifest.error()};
    plugin.manifest = std::move(*manifest);
    plugin.gnu_unique = elf->gnu_unique;
    return {boost::system::in_place_value, std::move(plugin)};
}

}  // namespace

boost::system::result<PluginFile, std::string> inspect_plugin_file(
    const std::filesystem::path& file) {
    auto plugin = read_plugin_file(file);
    if (plugin) plugin->sha256 = sha256_hex(plugin->bytes);
    return plugin;
}

boost::system::result<PluginFile, std::string> inspect_private_copy(
    const std::filesystem::path& copy, std::string sha256) {
    auto plugin = read_plugin_file(copy);
    if (plugin) {
        plugin->sha256 = std::move(sha256);
        plugin->copy = copy;
        plugin->bytes = {};
    }
    return plugin;
}

}  // namespace patchbay
