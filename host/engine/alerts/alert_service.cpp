#include "engine/alerts/alert_service.hpp"

#include <array>
#include <atomic>
#include <deque>
#include <thread>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <spdlog/spdlog.h>

#include "engine/alerts/budget_mail.hpp"
#include "engine/alerts/smtp.hpp"

namespace patchbay {

namespace asio = boost::asio;

class AlertService::Impl {
  public:
    explicit Impl(AlertOptions options)
        : options_(std::move(options)),
          client_(Loop{io_, deadlines_, blocking_}, options_.client) {}
    ~Impl() { stop(); }

    void use(const AlertSettings& settings) {
        wanted_ = settings.any();
        if (!settings.any() && !thread_.joinable()) return;
        if (!thread_.joinable()) {
            thread_ = std::thread([this] {
                const auto guard = asio::make_work_guard(io_);
                io_.run();
            });
        }
        asio::post(io_, [this, settings] { settings_ = settings; });
    }

    void tell(BudgetAlert alert) {
        if (!wanted_) return;
        if (waiting_.fetch_add(1) >= options_.waiting) {
            --waiting_;
            if (lost_++ == 0) spdlog::warn("alerts are lost: too many wait to be sent");
            return;
        }
        asio::post(io_, [this, alert = std::move(alert)]() mutable {
            queue_.push_back(std::move(alert));
            if (!sending_) start();
        });
    }

    void stop() {
        if (!thread_.joinable()) return;
        asio::post(io_, [this] {
            stopping_ = true;
            pause_.cancel();
            limit_.expires_after(options_.drain_time);
            limit_.async_wait([this](boost::system::error_code) {
                cut_off_.emit(asio::cancellation_type::terminal);
            });
            if (!sending_) io_.stop();
        });
        thread_.join();
        if (waiting_ > 0) spdlog::warn("{} alerts were not sent", waiting_.load());
    }

    bool wanted() const { return wanted_; }
    std::uint64_t sent() const { return sent_; }
    std::uint64_t lost() const { return lost_; }

  private:
    // From here on [the service's thread].

    void start() {
        sending_ = true;
        asio::co_spawn(
            io_, send(),
            asio::bind_cancellation_slot(cut_off_.slot(), [this](std::exception_ptr failed) {
                sending_ = false;
                if (!failed && !queue_.empty()) return start();
                if (stopping_) io_.stop();
            }));
    }

    asio::awaitable<void> send() {
        while (!queue_.empty()) {
            BudgetAlert alert = std::move(queue_.front());
            queue_.pop_front();
            const AlertSettings to = settings_;
            const std::vector<std::string> people = co_await people_of(alert, to);
            if (!to.webhooks.empty()) {
                const std::string body = webhook_body(alert);
                for (const std::string& url : to.webhooks) co_await send_to(url, body);
            }
            if (!to.slack.empty()) {
                const std::string body = slack_body(alert, to.proxy_base_url);
                for (const std::string& url : to.slack) co_await send_to(url, body);
            }
            for (const std::string& address : people) co_await write_to(address, alert, to);
            --waiting_;
        }
    }

    // Who gets a mail; tells the alert of its user, too.
    asio::awaitable<std::vector<std::string>> people_of(BudgetAlert& alert,
                                                        const AlertSettings& to) {
        const bool told = to.mail.any() || !to.webhooks.empty();
        if (!told || !options_.addressees) co_return std::vector<std::string>();
        using Found = boost::system::result<Addressees, std::string>;
        auto ask = [this, &alert]() -> asio::awaitable<Found> {
            co_return options_.addressees(alert);
        };
        Found found = co_await asio::co_spawn(blocking_, std::move(ask), asio::use_awaitable);
        if (found) {
            alert.user_email = std::move(found->user);
            co_return to.mail.any() ? std::move(found->told) : std::vector<std::string>();
        }
        if (to.mail.any()) {
            ++lost_;
            spdlog::warn("an alert was not mailed: whom it concerns is not known: {}",
                         found.error());
        }
        co_return std::vector<std::string>();
    }

    asio::awaitable<void> send_to(const std::string& url, const std::string& body) {
        const auto parsed = http::parse_url(url);
        // The address may hold a secret.
        const std::string shown(parsed ? parsed->host : "its address");
        co_await deliver(shown, [&] { return post(url, body); });
    }

    asio::awaitable<void> write_to(const std::string& address, const BudgetAlert& alert,
                                   const AlertSettings& to) {
        if (!is_mail_address(address)) {
            ++lost_;
            spdlog::warn("an alert was not mailed: a user's email is no address");
            co_return;
        }
        const std::string id = boost::uuids::to_string(new_id_());
        const Mail mail{address,
                        budget_mail(alert, to.mail.sender, address, to.proxy_base_url, id)};
        co_await deliver(to.mail.host,
                         [&] { return send_mail(io_, tls_, to.mail, mail, options_.timeout); });
    }

    // `post` says why it was not taken.
    template <class Post>
    asio::awaitable<void> deliver(const std::string& where, Post post) {
        std::string why;
        auto pause = options_.pause;
        for (int attempt = 1; attempt <= options_.attempts; ++attempt) {
            why = co_await post();
            if (why.empty()) {
                ++sent_;
                co_return;
            }
            if (stopping_ || attempt == options_.attempts) break;
            pause_.expires_after(pause);
            pause *= 2;
            boost::system::error_code ignored;
            co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        }
        ++lost_;
        spdlog::warn("an alert was not taken by {}: {}", where, why);
    }

    // Why it was not taken; empty: it was.
    asio::awaitable<std::string> post(const std::string& url, const std::string& body) {
        const auto parsed = http::parse_url(url);
        if (!parsed) co_return "it is no address";
        const std::array<http::Header, 1> headers{{{"content-type", "application/json"}}};
        const std::array<std::string_view, 1> parts{body};
        http::Request request;
        request.url = *parsed;
        request.headers = headers;
        request.body = parts;
        request.timeouts.connect = options_.timeout;
        request.timeouts.total = options_.timeout;
        request.repeatable = true;
        auto response = co_await client_.send(request);
        if (!response) co_return response.error().text;
        constexpr int kFirstGood = 200, kFirstOther = 300;
        const int status = response->status();
        if (status < kFirstGood || status >= kFirstOther) {
            co_return "status " + std::to_string(status);
        }
        co_return std::string();
    }

    const AlertOptions options_;
    asio::io_context io_{1};
    asio::thread_pool blocking_{1};
    Deadlines deadlines_{io_};
    http::Client client_;
    http::TlsContexts tls_{options_.client.ca_file};
    boost::uuids::random_generator new_id_;
    asio::steady_timer pause_{io_}, limit_{io_};
    asio::cancellation_signal cut_off_;
    AlertSettings settings_;
    std::deque<BudgetAlert> queue_;
    bool sending_ = false, stopping_ = false;
    std::atomic<bool> wanted_{false};
    std::atomic<std::size_t> waiting_{0};
    std::atomic<std::uint64_t> sent_{0}, lost_{0};
    std::thread thread_;
};

AlertService::AlertService(AlertOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}
AlertService::~AlertService() = default;

void AlertService::use(const AlertSettings& settings) {
    impl_->use(settings);
}
bool AlertService::wanted() const {
    return impl_->wanted();
}
void AlertService::tell(BudgetAlert alert) {
    impl_->tell(std::move(alert));
}
void AlertService::stop() {
    impl_->stop();
}
std::uint64_t AlertService::sent() const {
    return impl_->sent();
}
std::uint64_t AlertService::lost() const {
    return impl_->lost();
}

}  // namespace patchbay
