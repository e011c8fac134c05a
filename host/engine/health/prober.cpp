#include "engine/health/prober.hpp"

#include <algorithm>
#include <mutex>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <spdlog/spdlog.h>

#include "config/health_settings.hpp"
#include "engine/call/engine.hpp"
#include "engine/call/health_check.hpp"
#include "engine/exchange/detached_calls.hpp"
#include "engine/health/verdict.hpp"
#include "engine/plugins/crash_report.hpp"

namespace patchbay {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

// How long to wait, at the end, for calls that plugins made to cancel what was cut off.
constexpr std::chrono::milliseconds kStopTime{2000};

}  // namespace

class HealthProber::Impl {
  public:
    explicit Impl(ProberOptions options)
        : client_(Loop{io_, deadlines_, blocking_}, std::move(options.client)),
          engine_{.loop = {io_, deadlines_, blocking_},
                  .client = client_,
                  .random = seeded_random(),
                  .ledger = options.ledger,
                  .logs = options.logs,
                  .index = options.index} {}

    ~Impl() { stop(); }

    void use(std::shared_ptr<const Snapshot> snapshot) {
        const bool any = health_settings(snapshot->config).background;
        if (!any && !thread_.joinable()) return forget_verdicts(*snapshot);
        if (!thread_.joinable()) start();
        asio::post(io_, [this, snapshot = std::move(snapshot)]() mutable {
            take_over(std::move(snapshot));
        });
    }

    void stop() {
        if (!thread_.joinable()) return;
        asio::post(io_, [this] {
            stopping_ = true;
            timer_.cancel();
            asio::use_service<DetachedCalls>(io_).begin_shutdown();
            // One that ends takes itself off the list.
            const auto all = running_;
            for (const auto& one : all) one->emit(asio::cancellation_type::terminal);
            limit_.expires_after(kStopTime);
            limit_.async_wait([this](boost::system::error_code) { io_.stop(); });
            stop_if_idle();
        });
        thread_.join();
        // What was cut off unwinds while what it uses is there.
        io_.restart();
        while (io_.poll() > 0) {
        }
        engine_.snapshot.reset();
    }

    std::optional<Checked> find(std::string_view id) const {
        const std::lock_guard lock(mutex_);
        const auto found = results_.find(id);
        return found == results_.end() ? std::nullopt : std::optional(found->second);
    }

    const WorkerMetrics& metrics() const { return engine_.metrics; }

  private:
    struct Due {
        const Deployment* deployment;
        Clock::time_point at;
        bool running = false;
    };

    void start() {
        thread_ = std::thread([this] {
            const SignalStack stack;
            const auto guard = asio::make_work_guard(io_);
            io_.run();
        });
    }

    // From here on [the prober's thread].

    void take_over(std::shared_ptr<const Snapshot> snapshot) {
        engine_.snapshot = std::move(snapshot);
        const Snapshot& world = *engine_.snapshot;
        forget_verdicts(world);
        due_.clear();
        for (const auto& deployment : world.deployments) {
            // Entries that are the same are checked once.
            if (!wants_check(world.config, *deployment)) continue;
            due_.try_emplace(deployment->id, Due{deployment.get(), Clock::now()});
        }
        {
            const std::lock_guard lock(mutex_);
            std::erase_if(results_, [&](const auto& one) { return !due_.contains(one.first); });
        }
        look();
    }

    // Starts what is due, and comes again when the next one is.
    void look() {
        if (stopping_) return;
        const auto most =
            static_cast<std::size_t>(health_settings(engine_.snapshot->config).at_once);
        auto next = Clock::time_point::max();
        for (auto& [id, due] : due_) {
            if (due.running) continue;
            if (due.at > Clock::now()) {
                next = std::min(next, due.at);
            } else if (running_.size() < most) {
                due.running = true;
                begin(id, *due.deployment);
            }
        }
        if (next == Clock::time_point::max()) return;
        timer_.expires_at(next);
        timer_.async_wait([this](boost::system::error_code cancelled) {
            if (!cancelled) look();
        });
    }

    void begin(const std::string& id, const Deployment& deployment) {
        auto signal = std::make_shared<asio::cancellation_signal>();
        running_.push_back(signal);
        asio::co_spawn(io_, check(id, deployment, engine_.snapshot),
                       asio::bind_cancellation_slot(
                           signal->slot(), [this, id, signal, world = engine_.snapshot,
                                            began = Clock::now()](const std::exception_ptr&) {
                               std::erase(running_, signal);
                               if (stopping_) return stop_if_idle();
                               if (world == engine_.snapshot) schedule(due_.at(id), began);
                               look();
                           }));
    }

    void schedule(Due& due, Clock::time_point began) {
        constexpr double kLeast = 0.9;
        constexpr double kSpread = 0.2;
        const std::chrono::duration<double, std::milli> pause =
            health_settings(engine_.snapshot->config).interval *
            (kLeast + kSpread * engine_.uniform());
        due.running = false;
        due.at = began + std::chrono::duration_cast<Clock::duration>(pause);
    }

    asio::awaitable<void> check(std::string id, const Deployment& deployment,
                                std::shared_ptr<const Snapshot> world) {
        EndpointHealth endpoint{&deployment};
        co_await check_health(engine_, endpoint);
        // What was asked in a world that is gone says nothing of this one.
        if (!stopping_ && world == engine_.snapshot) note(id, endpoint);
    }

    void note(const std::string& id, const EndpointHealth& endpoint) {
        const Deployment& deployment = *endpoint.deployment;
        tell_routing(*engine_.snapshot, endpoint, Now::read());
        const bool good = !endpoint.failed;
        bool was_good = true;
        {
            const std::lock_guard lock(mutex_);
            Checked& result = results_[id];
            was_good = !result.failed;
            result.asked = endpoint.asked;
            result.failed = endpoint.failed;
            result.at = Clock::now();
            ++(good ? result.passed : result.failures);
        }
        if (good && !was_good) {
            spdlog::info("deployment {} of {} answers its health check again", id,
                         deployment.group);
        } else if (!good && was_good) {
            spdlog::warn("deployment {} of {} fails its health check: {}", id, deployment.group,
                         endpoint.failed->message);
        }
    }

    void stop_if_idle() {
        if (!running_.empty()) return;
        asio::use_service<DetachedCalls>(io_).when_idle([this] { io_.stop(); });
    }

    asio::io_context io_;
    asio::thread_pool blocking_{1};  ///< posts to the loop until it is joined
    Deadlines deadlines_{io_};
    http::Client client_;
    Engine engine_;
    asio::steady_timer timer_{io_};
    asio::steady_timer limit_{io_};
    std::map<std::string, Due> due_;  ///< by the deployment's id
    std::vector<std::shared_ptr<asio::cancellation_signal>> running_;
    bool stopping_ = false;
    mutable std::mutex mutex_;
    std::map<std::string, Checked, std::less<>> results_;  ///< [mutex_]
    std::thread thread_;
};

HealthProber::HealthProber(ProberOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}

HealthProber::~HealthProber() = default;

void HealthProber::use(std::shared_ptr<const Snapshot> snapshot) {
    impl_->use(std::move(snapshot));
}

void HealthProber::stop() {
    impl_->stop();
}

std::optional<Checked> HealthProber::find(std::string_view id) const {
    return impl_->find(id);
}

const WorkerMetrics& HealthProber::metrics() const {
    return impl_->metrics();
}

}  // namespace patchbay
