// Copies of calls for another model: LiteLLM's `silent_model`.
//
// A deployment may name a group that gets a copy of each call that is sent to it, to see how another
// model does on real traffic. The copy is a call of its own, in the background of the call's loop: it
// waits for nothing and nothing waits for it, its answer is read and dropped, its failure is nobody's.
// It is in metrics, records and books, with `is_silent_experiment` in its metadata, and is no key's, customer's
// or tag's: the gateway pays. Guardrails are not asked again; it has what they left of the request.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <string>

#include <boost/asio/execution_context.hpp>

#include "engine/call/call.hpp"

namespace patchbay {

/// Starts the copy, if the deployment of the call's first attempt wants one and there is room for it:
/// Mirrors has the bounds, and what finds no room is counted. Not for a name that leads to no group; not
/// of health checks, of calls within others, and of what the client goes on from.
void mirror(const Call& call);

/// The copies of one event loop; had with asio::use_service, used on the loop's thread.
class Mirrors final : public boost::asio::execution_context::service {
  public:
    static constexpr std::size_t kMostUnderWay = 128;
    static constexpr std::size_t kMostBytes = std::size_t{32} << 20;  ///< of their requests

    static boost::asio::execution_context::id id;
    explicit Mirrors(boost::asio::execution_context& context);
    ~Mirrors() override;

    /// Runs a call for `model` with this body. False: there is no room.
    bool start(Engine& engine, const Surface& surface, std::string call_id, std::string model,
               std::string body);
    /// The gateway stops: leaves those under way, and takes no more.
    void stop();
    std::size_t under_way() const { return copies_.size(); }

  private:
    struct Copy;
    static boost::asio::awaitable<void> run(Engine& engine, const Surface& surface, Copy& copy);
    void shutdown() override {}

    std::list<std::unique_ptr<Copy>> copies_;
    std::size_t bytes_ = 0;
    bool stopped_ = false;
};

}  // namespace patchbay
