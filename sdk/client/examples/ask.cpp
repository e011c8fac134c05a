// Asks a model from within a program, without a server: ask CONFIG PLUGIN_DIRECTORY MODEL TEXT...
//
// The answer is streamed to the standard output. What a call needs is an event loop, a snapshot of
// the configuration with its plugins, and somebody who takes the answer.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/json.hpp>

#include "config/loader.hpp"
#include "engine/call/run_call.hpp"
#include "engine/world/snapshot.hpp"

namespace {

using namespace patchbay;
namespace asio = boost::asio;
namespace json = boost::json;

/// Prints the words of a streamed chat answer as they come.
class PrintedAnswer final : public Answer {
  public:
    void head(int, std::span<const http::Header>) override {}
    void whole(const Restamped& document) override { document.append_to(words_); }
    void event(std::string_view, const Restamped& chunk) override {
        std::string text;
        chunk.append_to(text);
        boost::system::error_code wrong;
        const json::value parsed = json::parse(text, wrong);
        const auto* word = parsed.find_pointer("/choices/0/delta/content", wrong);
        if (word && word->is_string()) words_ += word->get_string();
    }
    void bytes(std::string_view, std::string_view piece) override { words_ += piece; }
    bool dirty() const override { return !words_.empty(); }
    asio::awaitable<bool> flush() override {
        committed_ = true;
        std::cout << words_ << std::flush;
        words_.clear();
        co_return std::cout.good();
    }
    bool committed() const override { return committed_; }
    void restart() override { words_.clear(); }
    asio::awaitable<void> finish(const Error* error) override {
        std::cout << words_ << '\n';
        if (error) std::cerr << "error: " << error->message << '\n';
        failed = error != nullptr;
        co_return;
    }

    bool failed = false;

  private:
    std::string words_;
    bool committed_ = false;
};

/// The configuration's world; nullptr after what is wrong was printed.
std::shared_ptr<const Snapshot> load(const char* file, const char* plugins) {
    LoadedConfig loaded = load_config(file, process_environment());
    std::shared_ptr<const Snapshot> snapshot;
    if (loaded.config) {
        PluginSetOptions options;
        options.directories = {plugins};
        options.cache_directory =
            std::filesystem::temp_directory_path() / ("patchbay-ask-" + std::to_string(::getuid()));
        options.settings = loaded.config->plugins;
        auto set = PluginSet::load(options, loaded.problems);
        snapshot = build_snapshot(std::move(*loaded.config), loaded.environment, std::move(set), 1,
                                  loaded.problems);
    }
    for (const Problem& problem : loaded.problems) std::cerr << problem.text() << '\n';
    return snapshot;
}

asio::awaitable<void> ask(Engine& engine, std::string body, PrintedAnswer& answer) {
    const Caller caller;
    Call call(engine, kChatSurface, caller, engine.uuid());
    const AskParts parts{.body = body, .query = {}, .path_model = {}, .caller = caller};
    co_await run_call(call, parts, answer);
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 5) {
        std::cerr << "usage: ask CONFIG PLUGIN_DIRECTORY MODEL TEXT...\n";
        return 2;
    }
    std::string text = arguments[4];
    for (int i = 5; i < count; ++i) text.append(" ").append(arguments[i]);
    const std::string body = json::serialize(
        json::object{{"model", arguments[3]},
                     {"stream", true},
                     {"messages", json::array{json::object{{"role", "user"}, {"content", text}}}}});

    asio::io_context io{1};
    asio::thread_pool blocking{1};
    Deadlines deadlines(io);
    http::Client client(Loop{io, deadlines, blocking}, http::client_options_from_environment());
    Engine engine{.loop = {io, deadlines, blocking}, .client = client, .random = seeded_random()};
    engine.snapshot = load(arguments[1], arguments[2]);
    if (!engine.snapshot) return 1;

    PrintedAnswer answer;
    asio::co_spawn(io, ask(engine, body, answer), [&](std::exception_ptr) { io.stop(); });
    io.run();
    return answer.failed ? 1 : 0;
}
