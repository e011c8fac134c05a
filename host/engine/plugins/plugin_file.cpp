#include "engine/plugins/plugin_file.hpp"

#include <utility>

#include "engine/plugins/crypto.hpp"
#include "engine/plugins/elf.hpp"
#include "engine/plugins/trusted_file.hpp"

namespace patchbay {

namespace {

using boost::system::in_place_error;

constexpr std::size_t kMaxFile = 256u << 20;

}  // namespace

boost::system::result<PluginFile, std::string> inspect_plugin_file(
    const std::filesystem::path& file) {
    auto bytes = read_trusted_file(file, kMaxFile);
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
    plugin.sha256 = sha256_hex(plugin.bytes);
    return {boost::system::in_place_value, std::move(plugin)};
}

boost::system::result<void, std::string> make_private_copy(PluginFile& plugin,
                                                           const std::filesystem::path& directory) {
    auto absolute = std::filesystem::absolute(directory).lexically_normal();
    if (!absolute.has_filename()) absolute = absolute.parent_path();
    if (auto wrong = prepare_trusted_directory(absolute); !wrong.empty())
        return {in_place_error, wrong};
    const auto target = absolute / (plugin.manifest.id + "-" + plugin.manifest.version + "-" +
                                    plugin.sha256.substr(0, 12) + ".so");
    const auto present = read_trusted_file(target, kMaxFile);
    if (!present || *present != plugin.bytes) {
        if (auto wrong = write_trusted_file(target, plugin.bytes); !wrong.empty()) {
            return {in_place_error, wrong};
        }
    }
    plugin.copy = target;
    return {};
}

}  // namespace patchbay
