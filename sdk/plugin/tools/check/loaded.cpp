#include "loaded.hpp"

#include <dlfcn.h>
#include <filesystem>
#include <stdexcept>

#include "patchbay/sdk/text.hpp"
#include "progress.hpp"

namespace patchbay::check {

Loaded::Loaded(const std::string& path) {
    const std::string absolute = std::filesystem::absolute(path);
    doing("loading the file");
    void* library = dlopen(absolute.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) throw std::runtime_error(dlerror());
    const auto function = reinterpret_cast<bay_entry_fn>(dlsym(library, BAY_ENTRY_SYMBOL));
    if (!function) throw std::runtime_error("there is no " BAY_ENTRY_SYMBOL);
    const Inside inside("bay_entry_v0");
    entry_ = function();
    if (!entry_ || entry_->size < sizeof(bay_entry)) {
        throw std::runtime_error(BAY_ENTRY_SYMBOL "() gives no entry, or one that is too small");
    }
    if (entry_->min_host_minor > BAY_ABI_MINOR) {
        throw std::runtime_error("needs a host of ABI 0." + std::to_string(entry_->min_host_minor));
    }
    if (!entry_->init || !entry_->deinit || !entry_->get_kind) {
        throw std::runtime_error("a function is missing in the entry");
    }
}

const bay_kind* Loaded::kind(const std::string& id) const {
    const Inside inside("get_kind");
    return entry_->get_kind(id.c_str());
}

void Loaded::init() {
    const Inside inside("init");
    transcript::Diagnostics diagnostics;
    if (entry_->init(host_.table(), diagnostics.table()) != BAY_OK) {
        throw std::runtime_error("init() failed" + diagnostics.text);
    }
}

void Loaded::deinit() {
    const Inside inside("deinit");
    entry_->deinit();
}

Created create(const bay_kind& kind, const std::string& component, const std::string& config) {
    const Inside inside("create");
    Created result;
    bay_diag diag{};
    diag.size = sizeof diag;
    diag.ctx = &result;
    diag.report = [](bay_diag* d, std::uint32_t severity, bay_str pointer,
                     bay_str message) noexcept {
        static_cast<Created*>(d->ctx)->reports.push_back(
            {severity, std::string(bay::sv(pointer)), std::string(bay::sv(message))});
    };
    // Exactly as large as it is, so that a read beyond it or after the call is seen.
    const std::vector<char> text(config.begin(), config.end());
    bay_create_info info{};
    info.size = sizeof info;
    info.component = bay::str(component);
    info.name = bay::str("check");
    info.config = bay::str({text.data(), text.size()});
    result.status = kind.create(&info, &diag, &result.instance);
    return result;
}

}  // namespace patchbay::check
