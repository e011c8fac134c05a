#include "plugin_file.hpp"

#include <algorithm>
#include <dlfcn.h>
#include <filesystem>
#include <iterator>

#include <boost/json.hpp>

#include "patchbay/provider.h"
#include "patchbay/sdk/text.hpp"

namespace patchbay::transcript {
namespace {

constexpr struct {
    Kind kind;
    const char* id;
} kKinds[] = {{Kind::provider, BAY_KIND_PROVIDER},
              {Kind::guardrail, BAY_KIND_GUARDRAIL},
              {Kind::logger, BAY_KIND_LOGGER}};

constexpr std::uint32_t kMostComponents = 4096;  // of a kind, for a table without an end

}  // namespace

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
    if (entry_->get_kind("patchbay.no-such-kind/1")) {
        throw std::runtime_error(path +
                                 ": get_kind() gives a table for a kind that does not exist");
    }
    read_components(path, wrap);
    Diagnostics diagnostics;
    if (entry_->init(host_.table(), diagnostics.table()) != BAY_OK) {
        entry_ = nullptr;
        throw std::runtime_error(path + ": init() failed" + diagnostics.text);
    }
}

PluginFile::~PluginFile() {
    if (entry_) entry_->deinit();
}

void PluginFile::read_components(const std::string& path, Wrap wrap) {
    boost::system::error_code error;
    boost::json::parse(bay::sv(entry_->manifest), error);
    if (error) throw std::runtime_error(path + ": the manifest is not JSON: " + error.message());
    for (const auto& [kind, id] : kKinds) {
        const bay_kind* table = entry_->get_kind(id);
        if (table && wrap) table = wrap(table);
        for (std::uint32_t i = 0; table && i < kMostComponents; ++i) {
            const bay_component* component = table->component(i);
            if (!component) break;
            components_.push_back({kind, table, std::string(bay::sv(component->id))});
        }
    }
    if (components_.empty()) {
        throw std::runtime_error(path +
                                 ": no component of bay.provider/1, bay.guardrail/1 or "
                                 "bay.logger/1 in this file");
    }
}

Component PluginFile::component(const Transcript& transcript) const {
    const Component* of_kind = nullptr;
    for (const Component& one : components_) {
        if (transcript.kind.value_or(one.kind) != one.kind) continue;
        if (transcript.component.empty() || transcript.component == one.id) return one;
        if (!of_kind) of_kind = &one;
    }
    // The plugin itself says what it thinks of a name that it does not list.
    if (of_kind) return {of_kind->kind, of_kind->table, transcript.component};
    const auto wanted = std::find_if(std::begin(kKinds), std::end(kKinds), [&](const auto& known) {
        return transcript.kind == known.kind;
    });
    throw std::runtime_error(transcript.file + ": the plugin has no component of kind " +
                             wanted->id);
}

}  // namespace patchbay::transcript
