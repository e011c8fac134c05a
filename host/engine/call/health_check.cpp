#include "engine/call/health_check.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <string_view>

#include "engine/at_once.hpp"
#include "engine/call/health_question.hpp"
#include "engine/call/run_call.hpp"
#include "engine/call/unsent_answer.hpp"
#include "engine/world/group_maker.hpp"

namespace patchbay {

namespace asio = boost::asio;

namespace {

/// Wants to know how a call ended, and nothing of what it said.
class Ending final : public UnsentAnswer {
  public:
    explicit Ending(EndpointHealth& endpoint) : endpoint_(endpoint) {}
    asio::awaitable<void> finish(const Error* error) override {
        if (error) endpoint_.failed = *error;
        co_return;
    }

  private:
    EndpointHealth& endpoint_;
};

// All at the same time; there is at least one.
asio::awaitable<void> check_all(Engine& engine, std::span<EndpointHealth> endpoints) {
    if (endpoints.size() == 1) {
        co_await check_health(engine, endpoints.front());
        co_return;
    }
    const std::size_t half = endpoints.size() / 2;
    co_await both_of(check_all(engine, endpoints.first(half)),
                     check_all(engine, endpoints.subspan(half)));
}

// The deployment as a group of its own, which exists for patterns, too.
ModelGroup group_of(const Snapshot& world, const Deployment& deployment) {
    ModelGroup group;
    group.name = deployment.group;
    group.deployments = {&deployment};
    group.by_id = true;
    group.tables = make_group_tables(group.deployments, world.lanes, nullptr, {});
    return group;
}

}  // namespace

asio::awaitable<void> check_health(Engine& engine, EndpointHealth& endpoint) {
    const auto question = health_question(*endpoint.deployment);
    if (!question) co_return;
    const Caller caller{.address = "health check"};
    const CheckTarget target{group_of(*engine.snapshot, *endpoint.deployment), question->model};
    Call call(engine, *question->surface, caller, call_id(engine, caller));
    call.check = &target;
    const AskParts parts{.body = question->body, .query = {}, .path_model = {}, .caller = caller};
    Ending ending(endpoint);
    co_await run_call(call, parts, ending);
    endpoint.asked = call.attempts > 0;
}

asio::awaitable<void> check_health(Engine& engine, std::vector<EndpointHealth>& endpoints,
                                   std::size_t at_once) {
    const std::span<EndpointHealth> all(endpoints);
    for (std::size_t at = 0; at < all.size(); at += at_once) {
        co_await check_all(engine, all.subspan(at, std::min(at_once, all.size() - at)));
    }
}

}  // namespace patchbay
