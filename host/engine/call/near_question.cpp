#include "engine/call/near_question.hpp"

#include <patchbay/json_tree.hpp>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>

#include "engine/call/call.hpp"
#include "engine/call/run_call.hpp"
#include "engine/call/unsent_answer.hpp"

namespace patchbay {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr double kPatience =
    0.3;  // seconds; a provider that is slower than this costs more than it saves
// So many are compared in some 30 microseconds, which a loop may be away.
constexpr std::size_t kFew = 256;

/// Keeps a whole answer, and nothing of a failure.
class Collected final : public UnsentAnswer {
  public:
    void whole(const Restamped& json) override { json.append_to(json_); }
    void restart() override { json_.clear(); }
    asio::awaitable<void> finish(const Error* error) override {
        if (error) json_.clear();
        co_return;
    }
    const std::string& json() const { return json_; }

  private:
    std::string json_;
};

std::string body_of(std::string_view model, std::string_view text) {
    return json_tree::write(json::object{{"model", model},
                                         {"input", text},
                                         {"timeout", kPatience},
                                         {"num_retries", 0},
                                         {"disable_fallbacks", true},
                                         {"metadata", {{"semantic-cache-embedding", true}}}});
}

// {"data": [{"embedding": [0.1, ...]}]}
std::optional<NearVector> vector_in(std::string_view text) {
    boost::system::error_code failed;
    const json::value answer = json::parse(text, failed);
    if (failed) return std::nullopt;
    const json::value* const numbers = answer.find_pointer("/data/0/embedding", failed);
    if (numbers == nullptr || !numbers->is_array()) return std::nullopt;
    std::vector<float> embedding;
    embedding.reserve(numbers->get_array().size());
    for (const json::value& number : numbers->get_array()) {
        if (!number.is_number()) return std::nullopt;
        embedding.push_back(number.to_number<float>());
    }
    return NearVector::of(embedding);
}

}  // namespace

asio::awaitable<std::optional<NearVector>> embedding_of(Call& call, std::string_view model,
                                                        std::string_view text) {
    const std::string body = body_of(model, text);
    const Caller caller{.address = call.caller.address};
    Call asked(call.engine, kEmbeddingsSurface, caller, call.engine.uuid());
    asked.within = true;
    asked.principal = call.principal;
    const AskParts parts{.body = body, .query = {}, .path_model = {}, .caller = caller};
    Collected answer;
    co_await run_call(asked, parts, answer);
    call.asked_within += asked.bill.charge;
    co_return vector_in(answer.json());
}

asio::awaitable<std::optional<NearIndex::Near>> nearest(const NearIndex& index,
                                                        const NearQuestion& question, Loop loop) {
    const float threshold = question.settings.threshold;
    if (index.count(question.bucket) <= kFew) {
        co_return index.find(question.bucket, *question.vector, threshold);
    }
    auto compare = [&index, bucket = question.bucket, vector = *question.vector,
                    threshold]() -> asio::awaitable<std::optional<NearIndex::Near>> {
        co_return index.find(bucket, vector, threshold);
    };
    co_return co_await asio::co_spawn(loop.blocking, std::move(compare), asio::use_awaitable);
}

}  // namespace patchbay
