#include "engine/isolation/child_service.hpp"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "engine/isolation/wire.hpp"
#include "engine/plugins/host_services.hpp"

namespace patchbay::isolation {

boost::asio::execution_context::id ChildService::id;

ChildService::ChildService(boost::asio::execution_context& context) : service(context) {
    link_->io = &static_cast<boost::asio::io_context&>(context);
}

PluginChild& ChildService::child(IsolatedPlugin& plugin, Loop loop) {
    auto& slot = children_[plugin.spec().get()];
    if (!slot) {
        slot = std::make_shared<PluginChild>(loop, plugin.spec());
        plugin.add_loop(link_);
        if (auto ready = plugin.take_ready()) slot->adopt(std::move(*ready));
    }
    return *slot;
}

void ChildService::drop(const ChildSpec& spec) {
    const auto found = children_.find(&spec);
    if (found == children_.end()) return;
    found->second->stop();
    children_.erase(found);
}

void ChildService::shutdown() {
    {
        const std::lock_guard lock(link_->mutex);
        link_->io = nullptr;
    }
    for (auto& [spec, child] : children_) child->stop();
    children_.clear();
}

void log_line(std::string_view plugin_id, std::string_view payload) {
    Reader from(payload);
    const auto level = std::min(from.number<std::uint32_t>(), std::uint32_t{spdlog::level::err});
    const bay_str text = from.text();
    if (from.failed()) return;
    // What the host's services wrote in the child begins with the plugin's id; whatever else a
    // process says must not look like a line of the gateway.
    const std::string line = printable(text);
    const std::string begin = "plugin " + std::string(plugin_id) + ": ";
    spdlog::log(static_cast<spdlog::level::level_enum>(level), "{}{}",
                line.starts_with(begin) ? "" : begin, line);
}

}  // namespace patchbay::isolation
