#include "engine/call/health_check.hpp"

#include <algorithm>
#include <array>
#include <patchbay/json_tree.hpp>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "engine/call/run_call.hpp"

namespace patchbay {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kAtOnce = 8;
constexpr std::int64_t kSeconds = 60;
constexpr std::int64_t kTokens = 16;  // the fewest that every provider takes

/// How models of a mode are asked. `tokens`: the member that bounds the answer, if it has one.
struct Question {
    std::string_view mode;
    const Surface& surface;
    std::string_view members;
    std::string_view tokens;
};

const std::array kQuestions{
    Question{"chat", kChatSurface, R"("messages":[{"role":"user","content":"Hi"}])", "max_tokens"},
    Question{"responses", kResponsesSurface, R"("input":"Hi")", "max_output_tokens"},
    Question{"completion", kCompletionsSurface, R"("prompt":"Hi")", "max_tokens"},
    Question{"embedding", kEmbeddingsSurface, R"("input":["Hi"])", ""},
    Question{"moderation", kModerationsSurface, R"("input":"Hi")", ""},
    Question{"rerank", kRerankSurface, R"("query":"Hi","documents":["Hi"])", ""},
    Question{"audio_speech", kSpeechSurface, R"("input":"Hi","voice":"alloy")", ""},
};

const Question* question_for(const Deployment& deployment) {
    if (deployment.is_pattern()) return nullptr;
    const std::string_view mode = deployment.info.mode;
    const auto* const found = std::find_if(kQuestions.begin(), kQuestions.end(),
                                           [&](const Question& one) { return one.mode == mode; });
    if (found != kQuestions.end()) return found;
    return mode.empty() ? kQuestions.begin() : nullptr;
}

// A positive number of the configured model_info, else what is usual.
std::int64_t setting(const Deployment& deployment, std::string_view name, std::int64_t usual) {
    const auto* const value = deployment.info_given.if_contains(name);
    const auto* const number = value ? value->if_int64() : nullptr;
    return number && *number > 0 ? *number : usual;
}

std::string body_of(const Deployment& deployment, const Question& question) {
    std::string body = "{\"model\":";
    json_tree::append_string(deployment.id, body);
    body.append(",").append(question.members);
    if (!question.tokens.empty()) {
        body.append(",\"").append(question.tokens).append("\":");
        body += std::to_string(setting(deployment, "health_check_max_tokens", kTokens));
    }
    body +=
        R"(,"num_retries":0,"disable_fallbacks":true,"cache":{"no-cache":true,"no-store":true})";
    body += ",\"timeout\":";
    body += std::to_string(setting(deployment, "health_check_timeout", kSeconds));
    return body += "}";
}

/// Wants to know how a call ended, and nothing of what it said.
class Ending final : public Answer {
  public:
    explicit Ending(EndpointHealth& endpoint) : endpoint_(endpoint) {}
    void head(int, std::span<const http::Header>) override {}
    void whole(const Restamped&) override {}
    void event(std::string_view, const Restamped&) override {}
    void bytes(std::string_view, std::string_view) override {}
    bool dirty() const override { return false; }
    asio::awaitable<bool> flush() override { co_return true; }
    bool committed() const override { return false; }
    void restart() override {}
    asio::awaitable<void> finish(const Error* error) override {
        if (error) endpoint_.failed = *error;
        co_return;
    }

  private:
    EndpointHealth& endpoint_;
};

asio::awaitable<void> check_one(Engine& engine, EndpointHealth& endpoint) {
    const Question* const question = question_for(*endpoint.deployment);
    if (!question) co_return;
    endpoint.asked = true;
    const Caller caller{.address = "health check"};
    const std::string body = body_of(*endpoint.deployment, *question);
    Call call(engine, question->surface, caller, call_id(engine, caller));
    const AskParts parts{.body = body, .query = {}, .path_model = {}, .caller = caller};
    Ending ending(endpoint);
    co_await run_call(call, parts, ending);
}

// All at the same time; there is at least one.
asio::awaitable<void> check_all(Engine& engine, std::span<EndpointHealth> endpoints) {
    using namespace asio::experimental::awaitable_operators;
    if (endpoints.size() == 1) {
        co_await check_one(engine, endpoints.front());
        co_return;
    }
    const std::size_t half = endpoints.size() / 2;
    co_await (check_all(engine, endpoints.first(half)) &&
              check_all(engine, endpoints.subspan(half)));
}

}  // namespace

asio::awaitable<void> check_health(Engine& engine, std::vector<EndpointHealth>& endpoints) {
    const std::span<EndpointHealth> all(endpoints);
    for (std::size_t at = 0; at < all.size(); at += kAtOnce) {
        co_await check_all(engine, all.subspan(at, std::min(kAtOnce, all.size() - at)));
    }
}

}  // namespace patchbay
