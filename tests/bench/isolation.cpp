// What an event costs when the plugin runs in a process of its own: there and back over the socket,
// both processes and the event loop included, and the actions replayed into a recorder. The same
// events are fed to the same plugin file in this process, for comparison.

#include <benchmark/benchmark.h>
#include <filesystem>
#include <memory>
#include <stdlib.h>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include "contract/actions/recorder.hpp"
#include "discarding_results.hpp"
#include "engine/isolation/action_codec.hpp"
#include "engine/isolation/child_service.hpp"
#include "engine/plugins/instance.hpp"
#include "engine/plugins/plugin_set.hpp"
#include "engine/surface/request_scan.hpp"

namespace patchbay {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

constexpr std::string_view kRequest =
    R"({"model":"bench","messages":[{"role":"user","content":"How far can a lighthouse be seen?"}]})";
constexpr std::string_view kChunk =
    R"({"id":"chatcmpl-1","object":"chat.completion.chunk","created":1750000000,"model":"m","choices":)"
    R"([{"index":0,"delta":{"content":" eighteen"},"finish_reason":null}]})";

bay_str str(std::string_view text) {
    return {text.data(), text.size()};
}

// The fixture that answers every frame of its upstream with a chunk; here or in its own process.
class Provider {
  public:
    explicit Provider(bool isolated) {
        std::string name = (fs::temp_directory_path() / "patchbay-bench-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
        fs::copy_file(fs::path(BENCH_FIXTURE_DIR) / "misbehaves.so", path_ / "misbehaves.so");
        fs::permissions(path_ / "misbehaves.so", fs::perms(0644));
        PluginSetOptions options;
        options.directories = {path_};
        options.cache_directory = path_ / "copies";
        options.make_home = isolation::homes(
            {.fork_server = std::make_shared<isolation::ForkServer>(BENCH_PLUGIN_HOST)});
        options.settings.plugins["org.example.misbehaves"].isolated = isolated;
        std::vector<Problem> problems;
        set_ = PluginSet::load(options, problems);
        const ProviderRow* row = set_->provider("misbehaves");
        if (row != nullptr) instance = set_->create_instance(*row, {}, problems);
    }
    ~Provider() {
        instance.reset();
        set_.reset();
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Provider(const Provider&) = delete;
    Provider& operator=(const Provider&) = delete;

    std::shared_ptr<const Instance> instance;

  private:
    fs::path path_;
    std::shared_ptr<PluginSet> set_;
};

// One machine with its recorder, wherever it runs.
class Feeder {
  public:
    Feeder(Loop loop, const Instance& instance)
        : recorder_(Role::provider, &results_, kRequest, true) {
        bay_open_info info{};
        info.size = sizeof info;
        info.attempt = 1;
        recorder_.limit_egress(instance.egress(), kBase);
        if (auto* plugin = static_cast<isolation::IsolatedPlugin*>(instance.home())) {
            remote_ = asio::use_service<isolation::ChildService>(loop.io)
                          .child(*plugin, loop)
                          .open(instance, Role::provider, {.stream = true}, kBase, info);
        } else if (auto opened = Machine::open(instance, info)) {
            local_.emplace(std::move(*opened));
        }
    }

    // False if the plugin did not do as it should.
    asio::awaitable<void> feed(const bay_event& event, std::uint32_t call, bool& good) {
        if (remote_) {
            isolation::RemoteMachine::Fed fed;
            co_await remote_->feed(event, {.call = call}, fed);
            recorder_.begin_event(call, false, 0);
            isolation::Reader actions(fed.actions);
            good = !fed.lost && fed.status == BAY_OK &&
                   isolation::replay_actions(actions, recorder_.out());
        } else {
            recorder_.begin_event(call, false, 0);
            good = local_ && local_->feed(event, recorder_.out()) == BAY_OK;
        }
        good = good && recorder_.exceeded() == nullptr;
        recorder_.sent();
    }
    asio::awaitable<void> request(const RequestScan& scan, bool& good) {
        bay_target target{};
        target.size = sizeof target;
        target.model = str("call");
        target.base_url = str(kBase);
        target.params = str("{}");
        bay_ev_request event{};
        event.h = {sizeof event, BAY_EV_REQUEST};
        event.flags = BAY_REQ_STREAM;
        event.operation = str("chat.completions");
        event.json = str(kRequest);
        event.target = &target;
        event.members = scan.members.data();
        event.member_count = scan.members.size();
        co_await feed(event.h, 0, good);
        good = good && recorder_.actions().size() == 1;
        recorder_.actions().clear();
    }
    asio::awaitable<void> answer(std::uint32_t type, std::string_view data, bool& good) {
        bay_ev_http event{};
        event.h = {sizeof event, type};
        event.call = 1;
        event.status = 200;
        event.data = str(data);
        co_await feed(event.h, 1, good);
    }
    bool finished() const { return recorder_.finished(); }

  private:
    static constexpr std::string_view kBase = "http://127.0.0.1:9/v1";
    bench::DiscardingResults results_;
    Recorder recorder_;
    std::optional<Machine> local_;
    std::shared_ptr<isolation::RemoteMachine> remote_;
};

void measure(benchmark::State& state, bool isolated, bool streamed) {
    const Provider provider(isolated);
    const auto scan = scan_request(kRequest, kMessagesForm);
    asio::thread_pool blocking(1);
    {
        asio::io_context io(1);
        Deadlines deadlines(io);
        const Loop loop{io, deadlines, blocking};
        bool good = provider.instance && scan;
        const auto work = [&]() -> asio::awaitable<void> {
            if (streamed) {
                Feeder feeder(loop, *provider.instance);
                co_await feeder.request(*scan, good);
                while (good && state.KeepRunning()) {
                    co_await feeder.answer(BAY_EV_HTTP_FRAME, kChunk, good);
                }
            } else {
                while (good && state.KeepRunning()) {
                    Feeder feeder(loop, *provider.instance);
                    co_await feeder.request(*scan, good);
                    if (good) co_await feeder.answer(BAY_EV_HTTP_HEAD, {}, good);
                    if (good) co_await feeder.answer(BAY_EV_HTTP_DONE, {}, good);
                    good = good && feeder.finished();
                }
            }
        };
        if (good) {
            asio::co_spawn(io, work(), [&io](std::exception_ptr) { io.stop(); });
            io.run();
        }
        if (!good) state.SkipWithError("the exchange fails");
    }
    blocking.join();
}

double cpu_of_ended_children() {
    rusage used{};
    ::getrusage(RUSAGE_CHILDREN, &used);
    const auto us = [](const timeval& t) {
        return 1e6 * static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec);
    };
    return us(used.ru_utime) + us(used.ru_stime);
}

// From the order to the plugin loaded and everything else forbidden, and the end of the process.
void start_isolated(benchmark::State& state) {
    const Provider provider(true);
    const auto* plugin = static_cast<const isolation::IsolatedPlugin*>(
        provider.instance ? provider.instance->home() : nullptr);
    if (plugin == nullptr) return state.SkipWithError("no isolated plugin");
    const isolation::ChildSpec& spec = *plugin->spec();
    const double before = cpu_of_ended_children();
    for (auto _ : state) {
        const auto process = spec.options.fork_server->start(spec.file, spec.sha256);
        char ready[256];
        if (!process || ::recv(process->socket(), ready, sizeof ready, 0) <= 0)
            return state.SkipWithError("it does not start");
    }
    state.counters["cpu_us"] =
        benchmark::Counter(cpu_of_ended_children() - before, benchmark::Counter::kAvgIterations);
}

BENCHMARK(start_isolated)->Name("start/isolated")->UseRealTime();
BENCHMARK_CAPTURE(measure, call_here, false, false)->Name("call/in process")->UseRealTime();
BENCHMARK_CAPTURE(measure, call_isolated, true, false)->Name("call/isolated")->UseRealTime();
BENCHMARK_CAPTURE(measure, event_here, false, true)->Name("event/in process")->UseRealTime();
BENCHMARK_CAPTURE(measure, event_isolated, true, true)->Name("event/isolated")->UseRealTime();

}  // namespace
}  // namespace patchbay
