// The guardrail "webhook": any service that speaks LiteLLM's generic guardrail API.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "patchbay/json_tree.hpp"
#include "service/service_exchange.hpp"
#include "service/settings.hpp"

namespace patchbay::webhook {
namespace {

namespace json = boost::json;

struct Settings {
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    json::object params;
};

/// In UTF-8, as the service is asked in it.
json_tree::Tree parsed(bay_str text) {
    json_tree::Tree tree = json_tree::read(bay::sv(text));
    json_tree::make_utf8(tree.value);
    return tree;
}

/// The links and data of the images in a request's messages.
json::array images_of(const json::object& request) {
    json::array images;
    const auto* messages = request.if_contains("messages");
    if (!messages || !messages->is_array()) return images;
    for (const json::value& message : messages->get_array()) {
        const auto* object = message.if_object();
        const auto* parts = object ? object->if_contains("content") : nullptr;
        if (!parts || !parts->is_array()) continue;
        for (const json::value& part : parts->get_array()) {
            boost::system::error_code failed;
            const auto* url = part.find_pointer("/image_url/url", failed);
            if (!failed && url && url->is_string()) images.push_back(*url);
        }
    }
    return images;
}

json::array tool_calls_of(const json::object& answer) {
    json::array calls;
    boost::system::error_code failed;
    const json::value whole(answer);
    const auto* found = whole.find_pointer("/choices/0/message/tool_calls", failed);
    if (!failed && found && found->is_array()) calls = found->get_array();
    return calls;
}

class Ask : public service::ServiceExchange {
  public:
    explicit Ask(const Settings& settings) : settings_(settings) {}

  protected:
    bay_status ask(const bay_ev_inspect& question, bay::Out out) override {
        json::array texts;
        for (const auto& text : asked().texts) texts.emplace_back(text.shown);
        json::object body{{"texts", std::move(texts)},
                          {"input_type", asked().is_answer() ? "response" : "request"}};
        // Windows of a stream come without a document.
        const json_tree::Tree document = parsed(question.json);
        if (question.json.len > 0 && !document) {
            return out.fail(BAY_ERR_BAD_REQUEST,
                            "the document cannot be read: " + document.error());
        }
        add_document(document.value, body);
        add_caller(parsed(question.metadata).value, body);
        json::object params = settings_.params;
        const json_tree::Tree given = parsed(question.params);
        if (const auto* more = given.value.if_object()) {
            for (const auto& member : *more) params[member.key()] = member.value();
        }
        body["additional_provider_specific_params"] = std::move(params);
        body["litellm_version"] = bay::Host::version();

        bay::HttpRequest call("POST", settings_.url);
        call.header("content-type", "application/json");
        for (const auto& [name, value] : settings_.headers) call.header(name, value);
        call.flags(BAY_HTTP_REPEATABLE).body(json_tree::write(body));
        return call.send(out);
    }

    bay_status judge(std::uint32_t, const json::value& answer, bay::Out out) override {
        const auto* object = answer.if_object();
        if (!object) return unreadable(out);
        const std::string action = service::text_of(*object, "action");
        if (action == "NONE") return pass(out);
        if (action == "BLOCKED") {
            return block(service::text_of(*object, "blocked_reason"), "BLOCKED", out);
        }
        if (action == "GUARDRAIL_INTERVENED") return intervene(*object, out);
        return unreadable(out);
    }

  private:
    void add_document(const json::value& document, json::object& body) const {
        const auto* object = document.if_object();
        if (!object) return;
        if (asked().is_answer()) {
            body["tool_calls"] = tool_calls_of(*object);
            return;
        }
        body["images"] = images_of(*object);
        if (const auto* tools = object->if_contains("tools")) body["tools"] = *tools;
        if (const auto* messages = object->if_contains("messages")) {
            body["structured_messages"] = *messages;
        }
    }

    static void add_caller(const json::value& metadata, json::object& body) {
        json::object caller;
        if (const auto* object = metadata.if_object()) {
            for (const auto& member : *object) {
                if (member.key() == "headers") {
                    body["request_headers"] = member.value();
                } else if (member.key() == "litellm_call_id") {
                    body["litellm_call_id"] = member.value();
                } else if (member.key().starts_with("user_api_key_")) {
                    caller[member.key()] = member.value();
                }
            }
        }
        body["request_data"] = std::move(caller);
    }

    static bay_status block(std::string_view why, const char* reason, bay::Out out) {
        const json::object detail{{"error", "Violated guardrail policy"}, {"blocked_reason", why}};
        return bay::Verdict().block(json_tree::write(detail)).reason(reason).send(out);
    }

    /// Bytes of texts[index] that are held although the guardrail made `rest` of it: the last words
    /// if it left them as they are.
    std::size_t held_of(std::size_t index, std::string_view rest) const {
        const std::string_view text = asked().texts[index].text();
        const auto [a, b] = std::mismatch(text.rbegin(), text.rend(), rest.rbegin(), rest.rend());
        const auto same = static_cast<std::size_t>(a - text.rbegin());
        std::size_t at = text.size() - std::min(same, asked().undecided(index));
        while (at > 0 && at < text.size() && text[at - 1] != ' ' && text[at - 1] != '\n') ++at;
        return text.size() - at;
    }

    bay_status intervene(const json::object& answer, bay::Out out) const {
        const auto* texts = answer.if_contains("texts");
        if (!texts || !texts->is_array() || texts->get_array().size() != asked().texts.size()) {
            return unreadable(out);
        }
        bay::Verdict verdict;
        for (std::size_t i = 0; i < asked().texts.size(); ++i) {
            const auto* text = texts->get_array()[i].if_string();
            if (!text) return unreadable(out);
            std::string_view given(text->data(), text->size());
            const auto& shown = asked().texts[i].shown;
            const auto context = std::string_view(shown).substr(0, asked().texts[i].fixed);
            if (!given.starts_with(context)) {
                return block("a text was changed that the client has already",
                             "GUARDRAIL_INTERVENED", out);
            }
            const auto rest = given.substr(context.size());
            const std::size_t held = held_of(i, rest);
            if (given != shown) {
                verdict.edit(i, rest.substr(0, rest.size() - held), held);
            } else if (held > 0) {
                verdict.hold(i, held);
            }
        }
        return verdict.reason("GUARDRAIL_INTERVENED").send(out);
    }

    const Settings& settings_;
};

class Webhook : public bay::Guardrail {
  public:
    static constexpr char id[] = "webhook";
    Webhook(std::string_view config, bay::Diag&) {
        const json::value document = json::parse(config);
        const json::object& object = document.as_object();
        settings_.url = service::url_of(service::text_of(object, "api_base"),
                                        "/beta/litellm_basic_guardrail_api");
        const std::string key = service::text_of(object, "api_key");
        if (!key.empty()) settings_.headers.emplace_back("x-api-key", key);
        if (const auto* headers = object.if_contains("headers")) {
            for (const auto& member : headers->as_object()) {
                settings_.headers.emplace_back(member.key(), member.value().as_string());
            }
        }
        if (const auto* params = object.if_contains("additional_provider_specific_params")) {
            settings_.params = params->as_object();
        }
    }
    std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
        return std::make_unique<Ask>(settings_);
    }

  private:
    Settings settings_;
};

}  // namespace
}  // namespace patchbay::webhook

BAY_PLUGIN(bay::Guardrails<patchbay::webhook::Webhook>)
