#include "plugin_file.hpp"

#include <dlfcn.h>
#include <filesystem>

#include <boost/json.hpp>

#include "patchbay/provider.h"
#include "patchbay/sdk/text.hpp"

namespace patchbay::transcript {

Diagnostics::Diagnostics() {
    diag_.size = sizeof diag_;
    diag_.ctx = this;
    diag_.report = [](bay_diag* d, std::uint32_t severity, bay_str pointer,
                      bay_str message) noexcept {
        auto& lines = static_cast<Diagnostics*>(d->ctx)->text;
        lines += severity >= BAY_LOG_ERROR ? "\n  error " : "\n  warning ";
        lines += std::string(bay::sv(pointer)) + ": " + std::string(bay::sv(message));
    };
}

PluginFile::PluginFile(const std::string& path, Wrap wrap) {
    const std::string absolute = std::filesystem::absolute(path);
    void* library = dlopen(absolute.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) throw std::runtime_error(dlerror());
    auto function = reinterpret_cast<bay_entry_fn>(dlsym(library, BAY_ENTRY_SYMBOL));
    if (!function) throw std::runtime_error(path + ": no plugin: " + dlerror());
    entry_ = function();
    if (!entry_ || entry_->size < sizeof(bay_entry)) throw std::runtime_error(path + ": bad entry");
    if (entry_->min_host_minor > BAY_ABI_MINOR) {
        throw std::runtime_error(path + ": needs ABI 0." + std::to_string(entry_->min_host_minor));
    }
    boost::system::error_code error;
    boost::json::parse(bay::sv(entry_->manifest), error);
    if (error) throw std::runtime_error(path + ": the manifest is not JSON: " + error.message());
    if (entry_->get_kind("patchbay.no-such-kind/1")) {
        throw std::runtime_error(path +
                                 ": get_kind() gives a table for a kind that does not exist");
    }
    provider_ = entry_->get_kind(BAY_KIND_PROVIDER);
    if (!provider_) throw std::runtime_error(path + ": no " BAY_KIND_PROVIDER " in this file");
    if (wrap) provider_ = wrap(provider_);
    Diagnostics diagnostics;
    if (entry_->init(host_.table(), diagnostics.table()) != BAY_OK) {
        entry_ = nullptr;
        throw std::runtime_error(path + ": init() failed" + diagnostics.text);
    }
}

PluginFile::~PluginFile() {
    if (entry_) entry_->deinit();
}

std::string PluginFile::first_component() const {
    const bay_component* component = provider_->component(0);
    return component ? std::string(bay::sv(component->id)) : std::string();
}

}  // namespace patchbay::transcript
