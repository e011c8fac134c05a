#include "engine/records/log_guard.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "patchbay/json_tree.hpp"

namespace patchbay {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::string_view kGuards = "log_guards";

double seconds(std::chrono::nanoseconds d) {
    return std::chrono::duration<double>(d).count();
}

std::string text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

guard::CallFacts facts_of(const json::object& noted, std::string id) {
    guard::CallFacts facts;
    facts.request_id = std::move(id);
    facts.traceparent = text_of(noted, "traceparent");
    if (const auto* metadata = noted.if_contains("metadata"); metadata && metadata->is_object()) {
        facts.metadata = metadata->get_object();
    }
    const auto* headers = noted.if_contains("headers");
    if (headers && headers->is_object()) {
        for (const auto& header : headers->get_object()) {
            if (!header.value().is_string()) continue;
            facts.headers.emplace_back(header.key(), std::string(header.value().get_string()));
        }
    }
    return facts;
}

/// The guardrails that the worker named; nullopt if one is not there any more.
std::optional<std::vector<guard::Selected>> selected(const Snapshot& snapshot,
                                                     const json::array& named) {
    std::vector<guard::Selected> all;
    for (const json::value& item : named) {
        if (!item.is_object()) return std::nullopt;
        const std::string id = text_of(item.get_object(), "guardrail_id");
        const auto found = std::find_if(
            snapshot.guardrails.begin(), snapshot.guardrails.end(),
            [&](const auto& guardrail) { return guardrail->config.guardrail_name == id; });
        if (found == snapshot.guardrails.end()) return std::nullopt;
        all.push_back({found->get(), kLoggingOnly, text_of(item.get_object(), "params")});
    }
    return all;
}

}  // namespace

json::object log_guard_facts(const guard::CallGuard& guard) {
    json::array named;
    for (const guard::Selected* one : guard.in(kLoggingOnly)) {
        named.push_back(json::object{{"guardrail_id", one->guardrail->config.guardrail_name},
                                     {"params", one->params}});
    }
    if (named.empty()) return {};
    json::object headers;
    for (const auto& [name, value] : guard.facts().headers) headers[name] = value;
    return {{"guardrails", std::move(named)},
            {"traceparent", guard.facts().traceparent},
            {"metadata", guard.facts().metadata},
            {"headers", std::move(headers)}};
}

json::array guardrail_information(const guard::CallGuard& guard) {
    json::array list;
    for (const auto& done : guard.information()) {
        const double start = seconds(done.start.time_since_epoch());
        json::object item{{"guardrail_name", done.guardrail_name},
                          {"guardrail_provider", done.guardrail_provider},
                          {"guardrail_mode", guard::mode_name(done.mode)},
                          {"guardrail_status", done.status},
                          {"start_time", start},
                          {"end_time", start + seconds(done.duration)},
                          {"duration", seconds(done.duration)}};
        if (!done.reason.empty()) item["guardrail_reason"] = done.reason;
        for (const Note& note : done.notes) {
            json::value noted = json_tree::read(note.json).value;
            json_tree::make_utf8(noted);
            item[note.key] = std::move(noted);
        }
        list.push_back(std::move(item));
    }
    return list;
}

void count_guardrails(WorkerMetrics& metrics, const guard::CallGuard& guard) {
    for (const auto& done : guard.information()) {
        metrics.record_guardrail({done.guardrail_name, std::string(guard::mode_name(done.mode)),
                                  std::string(done.status)},
                                 done.duration);
    }
}

asio::awaitable<void> mask_record(ExchangeContext context, const Snapshot& snapshot,
                                  OwnedEntry& entry, WorkerMetrics& metrics, Unread& unread) {
    const json::value noted = std::exchange(entry.facts[kGuards], nullptr);
    entry.facts.erase(kGuards);
    const std::string id = text_of(entry.facts, "id");
    const auto* named = noted.is_object() ? noted.get_object().if_contains("guardrails") : nullptr;
    auto guards =
        named && named->is_array() ? selected(snapshot, named->get_array()) : std::nullopt;
    if (!guards) {
        spdlog::warn("call {}: its log record shows no text: a guardrail is not there any more",
                     id);
        entry.facts["redact"] = true;
        co_return;
    }
    guard::CallGuard guard(context, std::move(*guards), facts_of(noted.get_object(), id));
    const auto* stream = entry.facts.if_contains("stream");
    if (stream && stream->is_bool() && stream->get_bool()) {
        // Guardrails must have seen all that sinks get, and this answer is all that they will get:
        // a rebuilt answer is one document, and not a stream's chunks.
        if (!entry.answer.empty()) {
            entry.answer = json_tree::write(rebuilt(entry.facts, entry.answer, unread));
        }
        entry.facts["rebuilt"] = true;
    }
    bool shown = co_await guard.mask_for_logs(entry.request, false);
    if (shown && !entry.answer.empty()) {
        const bool also = co_await guard.mask_for_logs(entry.answer, true);
        shown = also;
    }
    if (!shown) entry.facts["redact"] = true;
    json::array information = guardrail_information(guard);
    if (const auto* before = entry.facts.if_contains("guardrail_information");
        before && before->is_array()) {
        json::array all = before->get_array();
        all.insert(all.end(), information.begin(), information.end());
        information = std::move(all);
    }
    entry.facts["guardrail_information"] = std::move(information);
    count_guardrails(metrics, guard);
}

}  // namespace patchbay
