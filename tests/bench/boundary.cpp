// What one exchange costs at the plugin boundary: opening the machine, its three events, the
// actions it answers with as the host records them, closing it. No network and no surface: the
// answer of the upstream is at hand.

#include <benchmark/benchmark.h>
#include <filesystem>
#include <memory>
#include <stdlib.h>
#include <string>

#include "contract/actions/recorder.hpp"
#include "discarding_results.hpp"
#include "engine/plugins/instance.hpp"
#include "engine/plugins/plugin_set.hpp"
#include "engine/surface/request_scan.hpp"

namespace patchbay {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRequest =
    R"({"model":"bench","messages":[{"role":"system","content":"You are a careful assistant. Answer briefly."},)"
    R"({"role":"user","content":"How far can a lighthouse be seen at sea, and why?"}],"temperature":0.7,)"
    R"("max_tokens":200})";
constexpr std::string_view kAnswer =
    R"({"id":"chatcmpl-1","object":"chat.completion","created":1750000000,"model":"bench-model","choices":)"
    R"([{"index":0,"message":{"role":"assistant","content":"Some eighteen miles."},"finish_reason":"stop"}],)"
    R"("usage":{"prompt_tokens":43,"completion_tokens":7,"total_tokens":50}})";

bay_str str(std::string_view text) {
    return {text.data(), text.size()};
}

// A folder of its own for copies and for the one fixture; gone at the end.
class Scratch {
  public:
    Scratch() {
        std::string name = (fs::temp_directory_path() / "patchbay-bench-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
        fs::create_directory(path_ / "fixture");
        for (const char* file : {"good.so", "good_rows.json"}) {
            fs::copy_file(fs::path(BENCH_FIXTURE_DIR) / file, path_ / "fixture" / file);
            fs::permissions(path_ / "fixture" / file, fs::perms(0644));
        }
    }
    ~Scratch() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    const fs::path& path() const { return path_; }

  private:
    fs::path path_;
};

std::shared_ptr<PluginSet> plugins() {
    static const Scratch scratch;
    static const auto set = [] {
        PluginSetOptions options;
        options.directories = {BENCH_PLUGIN_DIR, scratch.path() / "fixture"};
        options.cache_directory = scratch.path() / "copies";
        std::vector<Problem> problems;
        return PluginSet::load(options, problems);
    }();
    return set;
}

// False if the exchange did not end as it should.
bool run_exchange_once(const Instance& instance, const RequestScan& scan, Results& results) {
    bay_open_info info{};
    info.size = sizeof info;
    info.attempt = 1;
    auto machine = Machine::open(instance, info);
    if (!machine) return false;
    Recorder recorder(Role::provider, &results, kRequest, false);

    bay_target target{};
    target.size = sizeof target;
    target.model = str("bench-model");
    target.base_url = str("http://127.0.0.1:9/v1");
    target.api_key = str("sk-upstream");
    target.params = str("{}");
    bay_ev_request request{};
    request.h = {sizeof request, BAY_EV_REQUEST};
    request.operation = str("chat.completions");
    request.json = str(kRequest);
    request.target = &target;
    request.model_off = scan.model_off;
    request.model_len = scan.model_len;
    request.members = scan.members.data();
    request.member_count = scan.members.size();
    recorder.begin_event(0, false);
    if (machine->feed(request.h, recorder.out()) != BAY_OK || recorder.actions().size() != 1)
        return false;
    const auto* call = std::get_if<HttpAction>(&recorder.actions().front());
    if (call == nullptr) return false;

    const bay_kv headers[] = {{str("content-type"), str("application/json")}};
    bay_ev_http event{};
    event.h = {sizeof event, BAY_EV_HTTP_HEAD};
    event.call = call->call;
    event.status = 200;
    event.headers = headers;
    event.header_count = 1;
    recorder.begin_event(event.call, true);
    if (machine->feed(event.h, recorder.out()) != BAY_OK) return false;
    event.h.type = BAY_EV_HTTP_DONE;
    if (recorder.passed_call() == 0) event.data = str(kAnswer);
    recorder.begin_event(event.call, false);
    return machine->feed(event.h, recorder.out()) == BAY_OK && recorder.finished() &&
           !recorder.error();
}

void run_exchanges(benchmark::State& state, const std::string& prefix) {
    std::vector<Problem> problems;
    const ProviderRow* row = plugins()->provider(prefix);
    const auto instance = row ? plugins()->create_instance(*row, {}, problems) : nullptr;
    const auto scan = scan_request(kRequest, kMessagesForm);
    bench::DiscardingResults results;
    if (!instance || !scan || !run_exchange_once(*instance, *scan, results)) {
        state.SkipWithError("the exchange fails");
        return;
    }
    for (auto _ : state) benchmark::DoNotOptimize(run_exchange_once(*instance, *scan, results));
}

BENCHMARK_CAPTURE(run_exchanges, c_fixture, std::string("good"))->Name("c_fixture");
BENCHMARK_CAPTURE(run_exchanges, openai, std::string("openai"))->Name("openai");

}  // namespace
}  // namespace patchbay

BENCHMARK_MAIN();
