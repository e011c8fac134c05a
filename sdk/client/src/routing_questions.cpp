#include "routing_questions.hpp"

#include <random>

#include "engine/lanes/clock.hpp"
#include "engine/router/plan.hpp"
#include "engine/router/router.hpp"
#include "json_members.hpp"
#include "operations.hpp"

namespace patchbay::client {

namespace json = boost::json;

namespace {

json::value why_none(const Error& error) {
    return json::object{{"status", error.status()},
                        {"exception", error.exception_name()},
                        {"message", error.message}};
}

json::value nobody_is_free(std::string_view model) {
    Error error;
    error.cls = ErrorClass::rate_limit;
    error.message = "No deployments available for selected model: " + std::string(model);
    return why_none(error);
}

}  // namespace

json::value next_deployment(const Snapshot& world, const json::object& about) {
    const std::string_view model = text_member(about, "model");
    const std::string_view named = text_member(about, "operation");
    const CallOperation* row = find_operation(named.empty() ? "chat.completions" : named);
    if (row == nullptr) return why_none(bad_request("there is no such operation"));
    const Surface& surface = *row->whole;
    Result<ModelRoute> route = resolve_model(world, model, surface.route);
    if (!route) return why_none(route.error());
    RequestOptions options;
    options.disable_fallbacks = true;
    RouteAsk ask;
    ask.native = surface.operation;
    ask.hub = surface.hub;
    ask.options = &options;
    ask.path = surface.route;
    if (!servers(*route->group, ask).any()) return nobody_is_free(model);
    std::random_device seed;
    Plan plan(world, *route, ask, Draw((std::uint64_t{seed()} << 32) | seed()));
    const Step step = plan.begin(Now::read());
    if (step.kind == Step::Kind::fail) return why_none(plan.take_error());
    if (step.kind != Step::Kind::start) return nobody_is_free(model);
    return json::object{{"id", plan.chosen().id}};
}

}  // namespace patchbay::client
