// The guardrail "presidio": personal data as Microsoft Presidio's analyzer finds it
// (https://microsoft.github.io/presidio/api-docs/api-docs.html), masked or blocked.
#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include <boost/json.hpp>

#include "joined.hpp"
#include "patchbay/json_tree.hpp"
#include "service/mask.hpp"
#include "service/service_exchange.hpp"
#include "settings.hpp"
#include "tokens.hpp"

namespace patchbay::presidio {
namespace {

namespace json = boost::json;
using service::Span;

class Analyze : public service::ServiceExchange {
  public:
    explicit Analyze(const Settings& settings) : settings_(settings) {}

  protected:
    bay_status ask(const bay_ev_inspect& question, bay::Out out) override {
        if (asked().is_answer() && settings_.restore) return restore(out);
        if (!(asked().is_answer() ? settings_.output : settings_.input)) {
            return bay::Verdict().send(out);
        }
        joined_ = {};
        for (const auto& text : asked().texts) joined_.add(text.shown);
        json::object body{{"text", joined_.text()}, {"language", language(question)}};
        if (!settings_.blocks.empty()) {
            json::array kinds;
            for (const auto& [kind, block] : settings_.blocks) kinds.emplace_back(kind);
            body["entities"] = std::move(kinds);
        }
        if (!settings_.recognizers.empty()) {
            body["ad_hoc_recognizers"] = settings_.recognizers;
        }
        bay::HttpRequest call("POST", settings_.url);
        call.header("content-type", "application/json").flags(BAY_HTTP_REPEATABLE);
        call.body(json_tree::write(body));
        return call.send(out);
    }

    bay_status judge(std::uint32_t, const json::value& answer, bay::Out out) override {
        const auto* found = answer.if_array();
        if (!found) return unreadable(out);
        std::vector<Span> spans;
        for (const json::value& item : *found) {
            Span span;
            if (!read(item, span)) return unreadable(out);
            if (span.score < settings_.threshold(span.kind)) continue;
            const auto configured = settings_.blocks.find(span.kind);
            if (!settings_.blocks.empty() && configured == settings_.blocks.end()) continue;
            if (configured != settings_.blocks.end() && configured->second) {
                return block(span.kind, out);
            }
            spans.push_back(std::move(span));
        }
        return mask(joined_.apart(spans), out);
    }

  private:
    std::string language(const bay_ev_inspect& question) const {
        boost::system::error_code failed;
        const json::value params = json_tree::read(bay::sv(question.params)).value;
        const auto* given = params.find_pointer("/language", failed);
        return given && given->is_string() ? std::string(given->get_string()) : settings_.language;
    }

    bool read(const json::value& item, Span& span) const {
        const auto* object = item.if_object();
        if (!object) return false;
        const auto* kind = object->if_contains("entity_type");
        const auto* start = object->if_contains("start");
        const auto* end = object->if_contains("end");
        const auto* score = object->if_contains("score");
        if (!kind || !kind->is_string() || !start || !start->is_int64() || !end ||
            !end->is_int64() || start->get_int64() < 0 || end->get_int64() < start->get_int64() ||
            (score && !score->is_number())) {
            return false;
        }
        const auto place = [&](const json::value& character) {
            return service::byte_offset(joined_.text(),
                                        static_cast<std::size_t>(character.get_int64()));
        };
        span.kind = std::string(kind->get_string());
        span.begin = place(*start);
        span.end = place(*end);
        span.score = score ? score->to_number<double>() : 1;
        return true;
    }

    static bay_status block(const std::string& kind, bay::Out out) {
        const json::object detail{{"error", "Blocked entity detected: " + kind +
                                                ". This entity is not allowed to be used in this "
                                                "request."}};
        return bay::Verdict().block(json::serialize(detail)).reason("entity " + kind).send(out);
    }

    bay_status mask(std::vector<std::vector<Span>> all, bay::Out out) {
        bay::Verdict verdict;
        std::map<std::string, int> counts;
        const bool remember = settings_.restore && !asked().is_answer();
        const auto replacement = [&](const Span& span, std::string_view original) {
            ++counts[span.kind];
            return remember ? tokens_.token_for(span.kind, original) : "<" + span.kind + ">";
        };
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto& text = asked().texts[i];
            const auto masked = service::mask(text.shown, text.fixed, asked().more(),
                                              std::move(all[i]), replacement);
            if (masked.changed) {
                verdict.edit(i, masked.text, masked.held);
            } else if (masked.held > 0) {
                verdict.hold(i, masked.held);
            }
        }
        if (!counts.empty()) {
            json::object noted;
            for (const auto& [kind, count] : counts) noted[kind] = count;
            out.note("masked_entity_count", json::serialize(noted));
        }
        return verdict.send(out);
    }

    bay_status restore(bay::Out out) {
        bay::Verdict verdict;
        const bool more = asked().more();
        for (std::size_t i = 0; i < asked().texts.size() && !tokens_.empty(); ++i) {
            const std::string_view text = asked().texts[i].text();
            std::size_t held = 0;
            const std::string restored = tokens_.restored(text, more, held);
            if (restored != text) verdict.edit(i, restored, held);
        }
        return verdict.send(out);
    }

    const Settings& settings_;
    Joined joined_;
    Tokens tokens_;
};

class Presidio : public bay::Guardrail {
  public:
    static constexpr char id[] = "presidio";
    Presidio(std::string_view config, bay::Diag&) : settings_(read_settings(config)) {}
    std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
        return std::make_unique<Analyze>(settings_);
    }

  private:
    Settings settings_;
};

}  // namespace
}  // namespace patchbay::presidio

BAY_PLUGIN(bay::Guardrails<patchbay::presidio::Presidio>)
