// The guardrail "lakera": Lakera Guard's v2 API (https://docs.lakera.ai/docs/api/guard).
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "patchbay/json_tree.hpp"
#include "service/mask.hpp"
#include "service/service_exchange.hpp"
#include "service/settings.hpp"
#include "service/spans.hpp"

namespace patchbay::lakera {
namespace {

namespace json = boost::json;
using service::Span;
using service::text_of;

struct Settings {
    std::string url;
    std::string api_key;
    json::object body;  ///< what is the same in every question
    bool monitor = false;
};

bool is_pii(std::string_view detector) {
    return detector.starts_with("pii/");
}

/// True if everything that was detected is personal data, which can be masked.
bool only_pii(const json::object& answer) {
    const auto* breakdown = answer.if_contains("breakdown");
    if (!breakdown || !breakdown->is_array()) return false;
    bool any = false;
    for (const json::value& item : breakdown->get_array()) {
        const auto* object = item.if_object();
        const auto* detected = object ? object->if_contains("detected") : nullptr;
        if (!detected || !detected->is_bool() || !detected->get_bool()) continue;
        if (!is_pii(text_of(*object, "detector_type"))) return false;
        any = true;
    }
    return any;
}

class Guard : public service::ServiceExchange {
  public:
    explicit Guard(const Settings& settings) : settings_(settings) {}

  protected:
    bay_status ask(const bay_ev_inspect&, bay::Out out) override {
        json::array messages;
        for (const auto& text : asked().texts) {
            messages.push_back(json::object{{"role", text.role.empty() ? "user" : text.role},
                                            {"content", text.shown}});
        }
        json::object body = settings_.body;
        body["messages"] = std::move(messages);
        bay::HttpRequest call("POST", settings_.url);
        call.header("content-type", "application/json").bearer(settings_.api_key);
        call.flags(BAY_HTTP_REPEATABLE).body(json_tree::write(body));
        return call.send(out);
    }

    bay_status judge(std::uint32_t, const json::value& answer, bay::Out out) override {
        const auto* object = answer.if_object();
        const auto* flagged = object ? object->if_contains("flagged") : nullptr;
        if (!flagged || !flagged->is_bool()) return unreadable(out);
        if (!flagged->get_bool()) return pass(out);
        json::object noted{{"flagged", true}};
        if (const auto* breakdown = object->if_contains("breakdown"))
            noted["breakdown"] = *breakdown;
        out.note("guardrail_response", json_tree::write(noted));
        if (settings_.monitor) return bay::Verdict().reason("flagged, monitored").send(out);
        if (only_pii(*object)) {
            if (auto spans = spans_of(*object); !spans.empty()) return mask(std::move(spans), out);
        }
        const json::object detail{{"error", "Violated Lakera guardrail policy"},
                                  {"lakera_guardrail_response", noted}};
        return bay::Verdict().block(json_tree::write(detail)).reason("flagged").send(out);
    }

  private:
    /// What was found, by text. Empty if a place does not fit: then there is nothing to mask by.
    std::vector<std::vector<Span>> spans_of(const json::object& answer) const {
        std::vector<std::vector<Span>> all(asked().texts.size());
        const auto* payload = answer.if_contains("payload");
        if (!payload || !payload->is_array() || payload->get_array().empty()) return {};
        for (const json::value& item : payload->get_array()) {
            const auto* object = item.if_object();
            if (!object) return {};
            const auto number = [&](std::string_view name) -> std::int64_t {
                const auto* value = object->if_contains(name);
                const auto* whole = value ? value->if_int64() : nullptr;
                return whole ? *whole : -1;
            };
            const std::int64_t message = number("message_id");
            const std::int64_t start = number("start");
            const std::int64_t end = number("end");
            if (message < 0 || static_cast<std::size_t>(message) >= all.size() || start < 0 ||
                end <= start) {
                return {};
            }
            const auto index = static_cast<std::size_t>(message);
            const std::string_view text = asked().texts[index].shown;
            const auto last = static_cast<std::size_t>(end) - 1;
            if (service::byte_offset(text, last) >= text.size()) return {};
            std::string kind = text_of(*object, "detector_type");
            kind = kind.substr(kind.rfind('/') + 1);
            for (char& c : kind) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
            all[index].push_back({service::byte_offset(text, static_cast<std::size_t>(start)),
                                  service::byte_offset(text, static_cast<std::size_t>(end)),
                                  std::move(kind)});
        }
        return all;
    }

    bay_status mask(std::vector<std::vector<Span>> all, bay::Out out) const {
        bay::Verdict verdict;
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto& text = asked().texts[i];
            const auto masked = service::mask(
                text.shown, text.fixed, asked().more(), std::move(all[i]),
                [](const Span& span, std::string_view) { return "[MASKED " + span.kind + "]"; });
            if (masked.changed) {
                verdict.edit(i, masked.text, masked.held);
            } else if (masked.held > 0) {
                verdict.hold(i, masked.held);
            }
        }
        return verdict.reason("masked").send(out);
    }

    const Settings& settings_;
};

class Lakera : public bay::Guardrail {
  public:
    static constexpr char id[] = "lakera";
    Lakera(std::string_view config, bay::Diag&) {
        const json::value document = json::parse(config);
        const json::object& object = document.as_object();
        settings_.url =
            service::url_of(text_of(object, "api_base", "https://api.lakera.ai"), "/v2/guard");
        settings_.api_key = text_of(object, "api_key");
        settings_.monitor = text_of(object, "on_flagged") == "monitor";
        settings_.body = {{"payload", true}, {"breakdown", true}};
        for (const std::string_view name : {"project_id", "dev_info", "metadata"}) {
            if (const auto* value = object.if_contains(name)) settings_.body[name] = *value;
        }
    }
    std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
        return std::make_unique<Guard>(settings_);
    }

  private:
    Settings settings_;
};

}  // namespace
}  // namespace patchbay::lakera

BAY_PLUGIN(bay::Guardrails<patchbay::lakera::Lakera>)
