#include "engine/call/routing_facts.hpp"

#include <algorithm>
#include <charconv>
#include <span>

#include "config/routing_group.hpp"
#include "contract/json/json_walk.hpp"
#include "contract/json/member_walker.hpp"
#include "contract/shape/text_size.hpp"
#include "engine/router/strategies.hpp"
#include "engine/surface/body_edit.hpp"
#include "engine/surface/hub/mentions.hpp"

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

// Gemini's and Bedrock's say by a member what a tool is.
bool is_declared(std::string_view tool) {
    MemberWalker walker(tool);
    JsonMember member;
    while (walker.next(member)) {
        const bool known = member.name == "functionDeclarations" ||
                           member.name == "function_declarations" || member.name == "toolSpec" ||
                           member.name == "cachePoint";
        if (!known) return false;
    }
    return walker.complete();
}

bool are_all(std::string_view tools, bool (*is)(std::string_view tool)) {
    if (tools.empty() || tools == "null") return true;
    JsonReader reader(tools);
    return walk_array(reader, [&] {
        std::string_view tool;
        return take_text(reader, tools, tool) && is(tool);
    });
}

std::string_view tools_of_config(std::string_view config) {
    MemberWalker walker(config);
    JsonMember member;
    std::string_view tools;
    while (walker.next(member)) {
        if (member.name == "tools") tools = member.value;
    }
    return tools;
}

bool has_none(const Call& call, std::span<const std::string_view> names) {
    return std::none_of(names.begin(), names.end(), [&](const std::string_view name) {
        const std::string_view text = text_of(call, name);
        return !text.empty() && text != "null" && text != "false";
    });
}

bool is_of_schema(std::string_view format) {
    return member_of(format, "type") == R"("json_schema")";
}

// Chat says it by response_format, Responses by text.format.
bool wants_schema(const Call& call) {
    if (const auto format = text_of(call, "response_format"); !format.empty()) {
        return is_of_schema(format);
    }
    const std::string_view text = text_of(call, "text");
    if (text.empty() || call.surface.operation != &kResponses) return false;
    return is_of_schema(member_of(text, "format"));
}

// Types of parts, or names of what they hold, in the APIs of clients; Gemini's say what media they are.
bool shows_picture(const Call& call) {
    constexpr std::string_view kWords[] = {R"("image_url")", R"("input_image")", R"("image")",
                                           R"("image/)"};
    return std::any_of(std::begin(kWords), std::end(kWords), [&](std::string_view word) {
        return surface::mentions(call.ask.scan.content, word);
    });
}

/// What lets a provider act by itself besides tools, or makes it keep something.
constexpr std::string_view kActing[] = {"web_search_options", "mcp_servers", "container", "store"};
constexpr std::string_view kKept[] = {"background", "conversation", "previous_response_id",
                                      "prompt"};

bool acts_in_chat(const Call& call) {
    return !has_none(call, kActing) || !are_all(text_of(call, "tools"), is_clients_tool);
}

// Responses are kept unless the client says that they are not.
bool acts_in_responses(const Call& call) {
    return text_of(call, "store") != "false" || !has_none(call, kKept) || acts_in_chat(call);
}

bool acts_in_gemini(const Call& call) {
    return !are_all(text_of(call, "tools"), is_declared);
}

bool acts_in_converse(const Call& call) {
    return !are_all(tools_of_config(text_of(call, "toolConfig")), is_declared);
}

/// The operations of which a stream may be asked for twice, and who of them may not.
struct Twice {
    const Operation* operation;
    bool (*acts)(const Call& call);
};
constexpr Twice kTwice[] = {
    {&kChatCompletions, acts_in_chat},   {&kMessages, acts_in_chat},
    {&kCompletions, acts_in_chat},       {&kResponses, acts_in_responses},
    {&kGenerateContent, acts_in_gemini}, {&kConverse, acts_in_converse},
};

// May a group stand in for that of the call?
bool may_fall_back(const Call& call) {
    const FallbackSettings& all = call.world->config.router.routing.fallbacks;
    return !all.general.empty() || !all.context_window.empty() || !all.content_policy.empty() ||
           call.ask.options.fallbacks;
}

// Is it so of a strategy that may choose for the call?
bool may_choose(const Call& call, const ModelGroup& group, bool (*is)(Strategy strategy)) {
    const RouterSettings& router = call.world->config.router;
    const OwnRouting own = group.tables ? group.tables->own : OwnRouting{};
    return is(own.strategy_or(router.routing).strategy) ||
           (may_fall_back(call) && any_strategy(router, is));
}

// May its session, or how its prompt begins, lead the call somewhere?
bool may_stay(const Call& call, const ModelGroup& group) {
    const RoutingSettings& settings = call.world->config.router.routing;
    const auto leads = [](const AffinitySettings& affinity) {
        return affinity.session || affinity.prompt;
    };
    const OwnRouting own = group.tables ? group.tables->own : OwnRouting{};
    const auto& others = settings.group_affinity;
    return leads(own.affinity_or(settings)) ||
           (may_fall_back(call) &&
            (leads(settings.affinity) ||
             std::any_of(others.begin(), others.end(),
                         [&](const auto& other) { return leads(other.second); })));
}

}  // namespace

bool may_be_asked_twice(const Call& call) {
    if (!call.ask.scan.stream) return false;
    const auto* const row =
        std::find_if(std::begin(kTwice), std::end(kTwice),
                     [&](const Twice& one) { return one.operation == call.surface.operation; });
    return row != std::end(kTwice) && !row->acts(call);
}

void add_size(const Call& call, const ModelGroup& group, RouteAsk& ask,
              std::unique_ptr<PrefixKeys>& keys) {
    const RoutingSettings& settings = call.world->config.router.routing;
    const bool learning = may_choose(call, group, learns) && !ask.check;
    const bool hedges = settings.hedges() && !ask.check && may_be_asked_twice(call);
    const bool limits = call.world->token_limits && !ask.check;
    if (settings.pre_call_checks || learning || hedges || limits) {
        ask.prompt_tokens = estimated_tokens(text_size(call.ask.scan.content));
    }
    if (learning || hedges || limits) ask.answer_tokens = wanted_answer(call);
    ask.hedge = hedges;
    ask.picture = call.world->text_only && !ask.check && shows_picture(call);
    ask.schema = settings.pre_call_checks && !ask.check && wants_schema(call);
    const bool checked = may_stay(call, group) && !ask.check;
    if (checked || (learning && may_choose(call, group, wants_prefix))) {
        keys = std::make_unique<PrefixKeys>(prefix_keys(call.ask, call.caller));
        ask.keys = keys.get();
    }
}

}  // namespace patchbay
