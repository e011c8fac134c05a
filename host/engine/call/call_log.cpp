#include "engine/call/call_log.hpp"

#include <algorithm>
#include <locale>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/json.hpp>

#include "contract/json/utf8_text.hpp"
#include "engine/call/answer.hpp"
#include "engine/call/call.hpp"
#include "engine/call/call_cache.hpp"
#include "engine/call/header_tags.hpp"
#include "engine/call/ledger_entries.hpp"
#include "engine/records/journal.hpp"
#include "engine/records/log_guard.hpp"
#include "engine/records/log_service.hpp"
#include "engine/records/requester.hpp"
#include "engine/surface/model_params.hpp"
#include "engine/surface/secret_names.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay {

namespace json = boost::json;

namespace {

bool says_true(const Ask& ask, std::string_view name) {
    const bay_member* member = find_member(ask.members(), name);
    return member && std::string_view(member->value.ptr, member->value.len) == "true";
}

bool header_says_true(const Call& call, std::string_view name) {
    const std::string_view value = call.caller.header(name);
    return value == "true" || value == "True" || value == "1";
}

// What the client says of redaction; nullptr if nothing.
json::value wish(const Call& call, const Ask& ask) {
    if (header_says_true(call, "x-litellm-enable-message-redaction") ||
        header_says_true(call, "litellm-enable-message-redaction") ||
        says_true(ask, "turn_off_message_logging")) {
        return true;
    }
    if (header_says_true(call, "litellm-disable-message-redaction")) return false;
    return nullptr;
}

json::array names_in(std::string_view list) {
    json::array names;
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        std::string name(list.substr(0, comma));
        std::erase_if(name, [](char c) { return c == ' ' || c == '\t'; });
        boost::algorithm::to_lower(name, std::locale::classic());
        if (!name.empty()) names.emplace_back(name);
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    }
    return names;
}

constexpr std::size_t kMaxHeaderText = 8192;

// The client's headers that speak of the record.
json::array record_headers(const Call& call) {
    json::array list;
    for (const auto& [name, given] : call.caller.headers) {
        if (!is_record_header(name)) continue;
        const std::string_view value = is_secret_name(name) ? std::string_view() : given;
        list.push_back(json::array{as_utf8(name, kMaxHeaderText), as_utf8(value, kMaxHeaderText)});
    }
    return list;
}

// A request that is too large for a record, with what is small and is shown of it: its labels, and
// its parameters unless a guardrail masks texts for logs, as tools and schemas hold some.
std::string without_messages(const Ask& ask, bool masked) {
    constexpr std::size_t kMaxMember = 64u << 10;
    std::string text = "{";
    for (const bay_member& member : ask.scan.members) {
        const std::string_view name(member.name.ptr, member.name.len);
        const bool shown = is_record_member(name) || (!masked && is_model_param(name));
        if (!shown || member.value.len > kMaxMember) continue;
        if (text.size() + name.size() + member.value.len + 8 > CallRecord::kMaxText) break;
        if (text.size() > 1) text += ',';
        ((text += '"') += name) += "\":";
        text.append(member.value.ptr, member.value.len);
    }
    text += '}';
    return text;
}

std::string_view call_type(const Surface& surface, bool stream) {
    if (!surface.call_type.empty()) return surface.call_type;
    const Operation& operation = *surface.operation;
    const bool own = stream && !operation.stream_call_type.empty();
    return own ? operation.stream_call_type : operation.call_type;
}

double seconds(std::chrono::nanoseconds d) {
    return std::chrono::duration<double>(d).count();
}

// Whose call it was. Never the key.
void add_key(json::object& facts, const access::Principal& principal) {
    const auto add = [&](std::string_view name, const std::string& text) {
        if (!text.empty()) facts[name] = text;
    };
    add("user_api_key_hash", principal.hash_text);
    add("user_api_key_alias", principal.alias);
    add("user_api_key_user_id", principal.user_id);
    add("user_api_key_team_id", principal.team_id);
    add("user_api_key_team_alias", principal.team_alias);
    add("user_api_key_org_id", principal.organization_id);
}

// Those that the request does not say itself.
void add_tags(json::object& facts, const Call& call) {
    std::vector<std::string> tags =
        header_tags(call.caller, call.world->config.litellm.tag_headers);
    if (call.principal) {
        tags.insert(tags.begin(), call.principal->tags.begin(), call.principal->tags.end());
    }
    if (!tags.empty()) facts["key_tags"] = json::value_from(tags);
}

// Where each attempt went, if there were several. What they used stands beside the facts.
void add_attempts(json::object& facts, const UsageAccount& account) {
    if (account.earlier().empty()) return;
    json::array attempts;
    const auto add = [&](const UsageAccount::Attempt& attempt) {
        json::object object{{"model_id", attempt.deployment->id},
                            {"model", as_utf8(attempt.model_name(), kMaxHeaderText)},
                            {"error_class", nullptr}};
        if (!attempt.exception.empty()) object["error_class"] = attempt.exception;
        attempts.push_back(std::move(object));
    };
    for (const auto& attempt : account.earlier()) add(attempt);
    add(account.last());
    facts["attempts"] = std::move(attempts);
}

}  // namespace

std::unique_ptr<CallLog> CallLog::make(const Call& call) {
    const Ask& ask = call.ask;
    if (call.world->log_sinks.empty() || !call.engine.logs) return nullptr;
    const bool off =
        says_true(ask, "no-log") && !call.world->config.litellm.logging.global_disable_no_log_param;
    return off ? nullptr : std::unique_ptr<CallLog>(new CallLog(ask));
}

void CallLog::keep(std::string_view text) {
    too_large_ = too_large_ || answer_.size() + text.size() > CallRecord::kMaxText;
    if (!too_large_) answer_ += text;
}

void CallLog::result(const Restamped& json) {
    for (const std::string_view piece : json.pieces()) keep(piece);
}

void CallLog::chunk(std::string_view json) {
    const std::size_t begin = answer_.size();
    keep(json);
    if (too_large_) return;
    std::replace(answer_.begin() + static_cast<std::ptrdiff_t>(begin), answer_.end(), '\n', ' ');
    answer_ += '\n';
}

json::object CallLog::facts(const Call& call, const Error* error) const {
    const auto now = Call::Clock::now();
    const auto wall = std::chrono::system_clock::now().time_since_epoch();
    const auto at = [&](Call::Clock::time_point when) { return seconds(wall - (now - when)); };
    json::object facts{{"id", call.id},
                       {"call_type", call_type(call.surface, ask_.scan.stream)},
                       {"stream", ask_.scan.stream},
                       {"status", error ? "failure" : "success"},
                       {"model_group", call.group},
                       {"startTime", at(call.started)},
                       {"endTime", seconds(wall)},
                       {"response_time", seconds(now - call.started)},
                       {"user_api_key_request_route", call.surface.route},
                       {"redact", wish(call, ask_)}};
    if (call.principal) add_key(facts, *call.principal);
    add_tags(facts, call);
    const bool by_header = !call.world->config.general.customer_headers.empty();
    if (by_header && !call.parties.customer.empty()) {
        facts["end_user"] = as_utf8(call.parties.customer, kMaxHeaderText);
    }
    if (call.operation) facts["answer_shape"] = call.operation->shape->name;
    if (call.first_token != Call::Clock::time_point{}) {
        facts["completionStartTime"] = at(call.first_token);
    }
    if (call.deployment) {
        const UsageAccount::Attempt& last = call.usage.last();
        if (last.deployment != call.deployment) {
            facts["model"] = call.deployment->configured;
        } else {
            facts["model"] = as_utf8(last.model_name(), kMaxHeaderText);
            if (!last.asked_as.empty()) {
                facts["model_group"] = as_utf8(last.asked_as, kMaxHeaderText);
            }
        }
        facts["model_id"] = call.deployment->id;
        facts["api_base"] = call.deployment->api_base_shown;
        facts["custom_llm_provider"] = call.deployment->provider;
        if (const auto& dropped = call.deployment->dropped_params; !dropped.empty()) {
            facts["dropped_params"] = json::value_from(dropped);
        }
    } else {
        facts["model"] = as_utf8(ask_.model, kMaxHeaderText);
    }
    if (call.usage.last().deployment) {
        const auto own = (now - call.started) - call.upstream_time();
        facts["litellm_overhead_time_ms"] = seconds(own) * 1000;
    }
    if (call.cache) {
        facts["cache_key"] = as_utf8(call.cache->name(), kMaxHeaderText);
        facts["cache_hit"] = call.cache->use() == CacheUse::hit;
        facts["saved_cache_cost"] = meter::as_double(call.cache->saved());
    }
    add_attempts(facts, call.usage);
    if (error) {
        facts["error_str"] = error->message;
        facts["error_information"] = json::object{
            {"error_code", std::to_string(error->status())},
            {"error_class", error->exception_name()},
            {"llm_provider", call.deployment ? call.deployment->provider : std::string()},
            {"error_message", error->message}};
    }
    if (const auto agent = call.caller.header("user-agent"); !agent.empty()) {
        facts["user_agent"] = as_utf8(agent, kMaxHeaderText);
    }
    if (const auto ip = call.caller.address; !ip.empty()) facts["requester_ip_address"] = ip;
    if (const auto list = call.caller.header("x-litellm-disable-callbacks"); !list.empty()) {
        facts["disabled_callbacks"] = names_in(as_utf8(list, kMaxHeaderText));
    }
    if (auto headers = record_headers(call); !headers.empty()) {
        facts["headers"] = std::move(headers);
    }
    if (const std::string lost = call.lost(); !lost.empty()) {
        facts["patchbay_dropped"] = lost;
    }
    if (call.guard) {
        facts["guardrail_information"] = guardrail_information(*call.guard);
        if (!call.applied_guardrails.empty()) {
            facts["applied_guardrails"] = names_in(call.applied_guardrails);
        }
    }
    return facts;
}

void CallLog::write(const Call& call, const Error* error) {
    CallRecord record;
    record.attempts = ledger_entries(call.usage);
    record.facts = facts(call, error);
    // What guardrails made of a request that they could only read translated is in the translation.
    record.request = call.guard && call.hub ? call.hub->body : ask_.body;
    record.answer = answer_;
    if (call.guard) {
        auto guards = log_guard_facts(*call.guard);
        if (!guards.empty()) record.facts["log_guards"] = std::move(guards);
    }
    std::string small;
    if (record.request.size() > CallRecord::kMaxText) {
        record.facts["messages_left_out"] = true;
        small = without_messages(ask_, call.guard && call.guard->has(kLoggingOnly));
        record.request = small;
    }
    std::string head;
    const auto parts = record.parts(head);
    Journal* journal = call.engine.logs->journal(call.engine.index);
    if (journal) journal->append(parts);
}

}  // namespace patchbay
