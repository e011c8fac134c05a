#include "engine/call/routing_facts.hpp"

#include <algorithm>
#include <charconv>

#include "contract/json/json_walk.hpp"
#include "contract/json/member_walker.hpp"
#include "contract/shape/text_size.hpp"
#include "engine/router/strategies.hpp"
#include "engine/surface/body_edit.hpp"

namespace patchbay {

namespace {

std::string_view text_of(const Call& call, std::string_view name) {
    const bay_member* const member = find_member(call.ask.members(), name);
    return member ? std::string_view(member->value.ptr, member->value.len) : std::string_view();
}

// How long an answer the client wants, in the words of its API; 0 = it does not say.
std::int64_t wanted_answer(const Call& call) {
    for (const std::string_view name :
         {"max_completion_tokens", "max_tokens", "max_output_tokens"}) {
        const std::string_view text = text_of(call, name);
        std::int64_t tokens = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), tokens);
        const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
        if (!text.empty() && whole && tokens > 0) return tokens;
    }
    return 0;
}

// Chat's are functions, Anthropic's have no type or "custom".
bool is_clients_tool(std::string_view tool) {
    MemberWalker walker(tool);
    JsonMember member;
    while (walker.next(member)) {
        if (member.name != "type") continue;
        if (member.value != R"("function")" && member.value != R"("custom")") return false;
    }
    return walker.complete();
}

bool only_clients_tools(std::string_view tools) {
    if (tools.empty() || tools == "null") return true;
    JsonReader reader(tools);
    return walk_array(reader, [&] {
        std::string_view tool;
        return take_text(reader, tools, tool) && is_clients_tool(tool);
    });
}

/// What lets a provider act by itself, besides tools.
constexpr std::string_view kActing[] = {"web_search_options", "mcp_servers", "container"};

}  // namespace

bool may_be_asked_twice(const Call& call) {
    const Operation* const operation = call.surface.operation;
    if (!call.ask.scan.stream || (operation != &kChatCompletions && operation != &kMessages)) {
        return false;
    }
    const bool acts = std::any_of(std::begin(kActing), std::end(kActing), [&](const auto name) {
        const std::string_view text = text_of(call, name);
        return !text.empty() && text != "null";
    });
    return !acts && text_of(call, "store") != "true" && only_clients_tools(text_of(call, "tools"));
}

void add_size(const Call& call, RouteAsk& ask, std::optional<PrefixKeys>& keys) {
    const RoutingSettings& settings = call.world->config.router.routing;
    const bool learning = learns(settings.strategy) && !ask.check;
    const bool hedges = settings.hedges() && !ask.check && may_be_asked_twice(call);
    if (settings.pre_call_checks || learning || hedges) {
        ask.prompt_tokens = estimated_tokens(text_size(call.ask.scan.content));
    }
    if (learning || hedges) ask.answer_tokens = wanted_answer(call);
    ask.hedge = hedges;
    if (learning && wants_prefix(settings.strategy)) {
        ask.keys = &keys.emplace(prefix_keys(call.ask, call.caller));
    }
}

}  // namespace patchbay
