#include "engine/call/several_models.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "engine/at_once.hpp"
#include "engine/call/run_call.hpp"
#include "engine/call/settle.hpp"

namespace patchbay {

namespace asio = boost::asio;

namespace {

constexpr std::string_view kLeftBecause = "Another model of the request answered first.";

std::vector<std::string_view> names_in(std::string_view list) {
    std::vector<std::string_view> names;
    while (true) {
        const std::size_t comma = std::min(list.find(','), list.size());
        std::string_view name = list.substr(0, comma);
        while (name.starts_with(' ')) name.remove_prefix(1);
        while (name.ends_with(' ')) name.remove_suffix(1);
        names.push_back(name);
        if (comma == list.size()) return names;
        list.remove_prefix(comma + 1);
    }
}

std::optional<Error> check(const Call& call, const std::vector<std::string_view>& names) {
    if (names.size() > kMostModels) {
        return bad_request(
            "At most " + std::to_string(kMostModels) + " models may be named in one request.",
            "model");
    }
    if (std::any_of(names.begin(), names.end(), [](auto name) { return name.empty(); })) {
        return bad_request("The list of models has an empty name in it.", "model");
    }
    if (call.ask.scan.stream && !call.ask.options.fastest_response) {
        return bad_request(
            "The answers of several models are a list, which cannot be streamed: leave out "
            "'stream', or set 'fastest_response'.",
            "stream");
    }
    return std::nullopt;
}

class Several;

/// The answer of one model: in a race held back until it is the first, else kept.
class Part final : public Answer {
  public:
    Part(Several& all, std::size_t index, asio::io_context& io)
        : over(io, asio::steady_timer::time_point::max()), all_(all), index_(index) {}

    void head(int status, std::span<const http::Header> headers) override;
    void whole(const Restamped& json) override;
    void event(std::string_view name, const Restamped& json) override;
    void bytes(std::string_view, std::string_view) override {}  // chat has none
    bool dirty() const override;
    asio::awaitable<bool> flush() override;
    bool committed() const override;
    void restart() override;
    asio::awaitable<void> finish(const Error* error) override;

    /// It is the first: what was held goes on.
    void win();

    asio::steady_timer over;  ///< cancelled: it has lost
    bool lost = false;
    std::string json;            ///< a whole answer, while it is held
    std::optional<Error> error;  ///< how it failed, while it was held

  private:
    struct Event {
        std::string name;
        std::string json;
    };
    Several& all_;
    const std::size_t index_;
    bool won_ = false;
    std::optional<int> status_;
    std::vector<std::pair<std::string, std::string>> headers_;
    std::vector<Event> events_;
};

class Several {
  public:
    Several(Call& c, const AskParts& p, Answer& a)
        : call(c), answer(a), parts_(p), fastest_(c.ask.options.fastest_response) {}

    // Starts with the first step of who waits for it.
    auto begin(std::size_t i, std::string_view name) {
        Engine& engine = call.engine;
        call.parts.push_back(std::make_unique<Call>(engine, call.surface, call.caller,
                                                    call.id + "-" + std::to_string(i + 1)));
        call.parts.back()->principal = call.principal;
        answers_.push_back(std::make_unique<Part>(*this, i, engine.loop.io));
        return asio::co_spawn(engine.loop.io, run_one(i, name), asio::deferred);
    }

    asio::awaitable<void> run(const std::vector<std::string_view>& names) {
        using asio::experimental::make_parallel_group;
        using asio::experimental::wait_for_all;
        std::vector<decltype(begin(std::size_t{0}, std::string_view{}))> running;
        running.reserve(names.size());
        answers_.reserve(names.size());
        for (std::size_t i = 0; i < names.size(); ++i) running.push_back(begin(i, names[i]));
        const auto ended = co_await make_parallel_group(std::move(running))
                               .async_wait(wait_for_all(), asio::use_awaitable);
        const auto left = co_await asio::this_coro::cancellation_state;
        if (left.cancelled() != asio::cancellation_type::none) {
            throw boost::system::system_error(asio::error::operation_aborted);
        }
        if (call.answered_by != nullptr) co_return;
        for (const std::exception_ptr& failed : std::get<1>(ended)) {
            if (failed) std::rethrow_exception(failed);
        }
        co_await tell_all();
    }

    bool races() const { return fastest_; }

    void decide(std::size_t winner) {
        call.answered_by = call.parts[winner].get();
        for (std::size_t i = 0; i < answers_.size(); ++i) {
            if (i == winner) continue;
            answers_[i]->lost = true;
            call.parts[i]->left_because = kLeftBecause;
            answers_[i]->over.cancel();
        }
        answers_[winner]->win();
    }

    Call& call;
    Answer& answer;

  private:
    asio::awaitable<void> run_one(std::size_t i, std::string_view name) {
        AskParts parts = parts_;
        parts.path_model = name;
        Part& part = *answers_[i];
        // Another one had its answer at once, from the response cache: there was no wait yet to be cancelled.
        if (part.lost) co_return settle_left(*call.parts[i]);
        co_await first_of(run_call(*call.parts[i], parts, part),
                          part.over.async_wait(asio::as_tuple(asio::use_awaitable)));
        settle_left(*call.parts[i]);
    }

    // Nobody has won, or all count.
    asio::awaitable<void> tell_all() {
        const bool any = std::any_of(answers_.begin(), answers_.end(),
                                     [](const auto& part) { return !part->error; });
        for (const auto& part : call.parts) call.bill += part->bill;
        if (!any) co_return co_await answer.finish(&*answers_.front()->error);
        std::string list = "[";
        for (std::size_t i = 0; i < answers_.size(); ++i) {
            const Part& part = *answers_[i];
            if (i > 0) list += ',';
            list += part.error          ? call.surface.error(*part.error, call.parts[i]->id)
                    : part.json.empty() ? "null"
                                        : part.json;
        }
        list += ']';
        answer.whole(Restamped(list));
        co_await answer.finish(nullptr);
    }

    const AskParts& parts_;
    const bool fastest_;
    std::vector<std::unique_ptr<Part>> answers_;
};

void Part::win() {
    won_ = true;
    if (status_) {
        std::vector<http::Header> headers;
        for (const auto& [name, value] : headers_) headers.push_back({name, value});
        all_.answer.head(*status_, headers);
    }
    if (!json.empty()) all_.answer.whole(Restamped(json));
    for (const Event& event : std::exchange(events_, {})) {
        all_.answer.event(event.name, Restamped(event.json));
    }
}

void Part::head(int status, std::span<const http::Header> headers) {
    if (won_) return all_.answer.head(status, headers);
    status_ = status;
    headers_.clear();
    for (const http::Header& header : headers) headers_.emplace_back(header.name, header.value);
}

void Part::whole(const Restamped& text) {
    if (won_) return all_.answer.whole(text);
    json.clear();
    text.append_to(json);
}

void Part::event(std::string_view name, const Restamped& text) {
    if (won_) return all_.answer.event(name, text);
    Event& event = events_.emplace_back();
    event.name = name;
    text.append_to(event.json);
}

bool Part::dirty() const {
    return won_ ? all_.answer.dirty() : !events_.empty();
}

asio::awaitable<bool> Part::flush() {
    if (lost) co_return false;
    if (!won_ && all_.races()) all_.decide(index_);
    if (!won_) co_return true;
    co_return co_await all_.answer.flush();
}

bool Part::committed() const {
    return won_ && all_.answer.committed();
}

void Part::restart() {
    if (won_) return all_.answer.restart();
    status_.reset();
    json.clear();
    events_.clear();
}

asio::awaitable<void> Part::finish(const Error* failed) {
    if (lost) co_return;
    if (!won_ && failed) {
        error = *failed;
        co_return;
    }
    if (!won_ && all_.races()) all_.decide(index_);
    if (won_) co_await all_.answer.finish(failed);
}

}  // namespace

bool names_several(const Call& call) {
    if (&call.surface != &kChatSurface || call.ask.model.find(',') == std::string::npos) {
        return false;
    }
    const auto& world = *call.world;
    return !call.check && !call.within && world.groups.find(call.ask.model) == world.groups.end();
}

asio::awaitable<void> run_several(Call& call, const AskParts& parts, Answer& answer) {
    const std::string list = call.ask.model;
    const auto names = names_in(list);
    if (const auto refused = check(call, names)) {
        settle(call, &*refused);
        co_return co_await answer.finish(&*refused);
    }
    call.settled = true;  // those that it is made of are counted
    Several several(call, parts, answer);
    co_await several.run(names);
}

}  // namespace patchbay
