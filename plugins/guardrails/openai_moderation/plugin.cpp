// The guardrail "openai-moderation": OpenAI's moderation endpoint decides.
// (https://platform.openai.com/docs/api-reference/moderations)
#include <memory>
#include <string>

#include <boost/json.hpp>

#include "patchbay/json_tree.hpp"
#include "service/service_exchange.hpp"
#include "service/settings.hpp"

namespace patchbay::openai_moderation {
namespace {

namespace json = boost::json;

struct Settings {
    std::string url;
    std::string api_key;
    std::string model;
};

class Moderate : public service::ServiceExchange {
  public:
    explicit Moderate(const Settings& settings) : settings_(settings) {}

  protected:
    bay_status ask(const bay_ev_inspect&, bay::Out out) override {
        json::array input;
        for (const auto& text : asked().texts) input.emplace_back(text.shown);
        const json::object body{{"model", settings_.model}, {"input", std::move(input)}};
        bay::HttpRequest call("POST", settings_.url);
        call.header("content-type", "application/json").bearer(settings_.api_key);
        call.flags(BAY_HTTP_REPEATABLE).body(json_tree::write(body));
        return call.send(out);
    }

    bay_status judge(std::uint32_t, const json::value& answer, bay::Out out) override {
        const auto* object = answer.if_object();
        const auto* results = object ? object->if_contains("results") : nullptr;
        if (!results || !results->is_array() ||
            results->get_array().size() != asked().texts.size()) {
            return unreadable(out);
        }
        for (const json::value& result : results->get_array()) {
            const auto* flagged =
                result.is_object() ? result.get_object().if_contains("flagged") : nullptr;
            if (!flagged || !flagged->is_bool()) return unreadable(out);
            if (flagged->get_bool()) return block(result.get_object(), out);
        }
        return bay::Verdict().send(out);
    }

  private:
    static bay_status block(const json::object& result, bay::Out out) {
        json::object moderation;
        for (const std::string_view name : {"categories", "category_scores"}) {
            if (const auto* value = result.if_contains(name)) moderation[name] = *value;
        }
        out.note("guardrail_response", json_tree::write(moderation));
        const json::object detail{{"error", "Violated OpenAI moderation policy"},
                                  {"moderation_result", moderation}};
        return bay::Verdict().block(json_tree::write(detail)).reason("flagged").send(out);
    }

    const Settings& settings_;
};

class OpenaiModeration : public bay::Guardrail {
  public:
    static constexpr char id[] = "openai-moderation";
    OpenaiModeration(std::string_view config, bay::Diag&) {
        const json::value document = json::parse(config);
        const json::object& object = document.as_object();
        settings_.url = service::url_of(
            service::text_of(object, "api_base", "https://api.openai.com/v1"), "/moderations");
        settings_.api_key = service::text_of(object, "api_key");
        settings_.model = service::text_of(object, "model", "omni-moderation-latest");
    }
    std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
        return std::make_unique<Moderate>(settings_);
    }

  private:
    Settings settings_;
};

}  // namespace
}  // namespace patchbay::openai_moderation

BAY_PLUGIN(bay::Guardrails<patchbay::openai_moderation::OpenaiModeration>)
