// The plugin processes of one event loop.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/execution_context.hpp>

#include "engine/isolation/isolated_plugin.hpp"
#include "engine/isolation/plugin_child.hpp"
#include "engine/loop.hpp"

namespace patchbay::isolation {

/// Had from a loop with asio::use_service. It belongs to the io_context, because the processes'
/// sockets must go before it does, whoever still holds the plugin. Used on the loop's thread, but
/// for the constructor and shutdown(), which run while there is none.
class ChildService final : public boost::asio::execution_context::service {
  public:
    static boost::asio::execution_context::id id;

    explicit ChildService(boost::asio::execution_context& context);

    /// The loop's process of the plugin; started when it is first used.
    PluginChild& child(IsolatedPlugin& plugin, Loop loop);
    /// Ends a plugin's process.
    void drop(const ChildSpec& spec);

  private:
    void shutdown() override;

    std::shared_ptr<LoopLink> link_ = std::make_shared<LoopLink>();
    std::map<const ChildSpec*, std::shared_ptr<PluginChild>> children_;
};

/// Writes the payload of a log frame into the gateway's log.
void log_line(std::string_view plugin_id, std::string_view payload);

}  // namespace patchbay::isolation
