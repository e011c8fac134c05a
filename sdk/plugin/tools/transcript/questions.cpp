#include "questions.hpp"

#include <vector>

#include <boost/json.hpp>

#include "patchbay/json_tree.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay::transcript {
namespace {

namespace json = boost::json;
using bay::str;

// The texts of one window that a transcript gives.
struct GivenTexts {
    explicit GivenTexts(const std::string& list) : document(json_tree::read(list).value) {
        for (const json::value& one : document.as_array()) {
            bay_text text{};
            text.path = str(one.at("path").as_string());
            text.role = str("assistant");
            if (const auto* role = one.as_object().if_contains("role"); role && role->is_string()) {
                text.role = str(role->get_string());
            }
            text.text = str(one.at("text").as_string());
            if (const auto* fixed = one.as_object().if_contains("fixed")) {
                text.fixed = static_cast<std::uint64_t>(fixed->as_int64());
            }
            views.push_back(text);
        }
    }
    json::value document;
    std::vector<bay_text> views;
};

}  // namespace

// What a verdict makes of a request is what goes on to the provider.
void Questions::take_over_verdict() {
    if (!document_) return;
    const auto& verdict = machine_.recorder.verdict();
    if (is_request_) {
        request_ = json_;
        if (verdict && verdict->decision == Decision::modify) {
            const auto edited = document_->edited(verdict->edits);
            request_ = !verdict->json.empty() ? verdict->json : edited ? *edited : json_;
        }
    }
    document_.reset();
}

void Questions::feed(bay_ev_inspect& event, std::span<const bay_text> texts) {
    event.h = {sizeof event, BAY_EV_INSPECT};
    event.texts = texts.data();
    event.text_count = texts.size();
    const bool stream = event.stage == BAY_STAGE_STREAM;
    if (event.stage == BAY_STAGE_POST_CALL || stream) event.request = str(request_);
    std::vector<std::string> paths;
    for (const bay_text& text : texts) paths.emplace_back(bay::sv(text.path));
    machine_.recorder.ask(std::move(paths), stream, (event.flags & BAY_INSPECT_LAST) != 0,
                          machine_.calls.empty());
    machine_.feed(event.h);
}

void Questions::ask(const Inspect& inspect) {
    take_over_verdict();
    bay_ev_inspect event{};
    event.stage = inspect.stage;
    event.operation = str(inspect.operation);
    event.params = str(inspect.params);
    event.metadata = str(inspect.metadata);
    if (inspect.stage == BAY_STAGE_STREAM) {
        const GivenTexts given(inspect.json);
        window_ = inspect.window ? inspect.window : window_ + 1;
        event.window = window_;
        if (inspect.last) event.flags = BAY_INSPECT_LAST;
        return feed(event, given.views);
    }
    json_ = inspect.json;
    is_request_ = !inspect.answer;
    document_ = std::make_unique<guard::Document>(
        json_, inspect.answer ? guard::DocumentKind::answer : guard::DocumentKind::request);
    // A copy of exactly this size, so that a read beyond it or after the event is seen.
    const std::vector<char> copy(json_.begin(), json_.end());
    event.json = str({copy.data(), copy.size()});
    feed(event, document_->texts());
}

void Questions::ask_window(std::span<const bay_text> texts, bool last,
                           const WindowSetting& setting) {
    take_over_verdict();
    bay_ev_inspect event{};
    event.stage = BAY_STAGE_STREAM;
    event.flags = last ? std::uint32_t{BAY_INSPECT_LAST} : 0;
    event.window = ++window_;
    event.operation = str("chat.completions");
    event.params = str(setting.params);
    event.metadata = str(setting.metadata);
    feed(event, texts);
}

}  // namespace patchbay::transcript
