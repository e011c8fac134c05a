// Clients that are opened with settings: the response cache, log sinks, and what calls cost.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "local_upstream.hpp"
#include "patchbay/client.hpp"

namespace patchbay {
namespace {

using test::LocalUpstream;
using ::testing::HasSubstr;
using ::testing::StartsWith;

ChatRequest asked_of(const LocalUpstream& upstream) {
    return {.model = "openai/gpt-4o",
            .messages = {{"user", "hello"}},
            .more = {{"api_key", "\"sk-canary\""},
                     {"api_base", '"' + upstream.url("/v1") + '"'},
                     {"num_retries", "0"}}};
}

ClientOptions settings(std::string config) {
    return {.config = std::move(config), .settings_only = true};
}

/// A folder of its own for one test, and the state of the engine in it.
class Folder {
  public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "patchbay-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
        const char* before = std::getenv("PATCHBAY_STATE_DIR");
        if (before) before_ = before;
        ::setenv("PATCHBAY_STATE_DIR", (path_ / "state").c_str(), 1);
    }
    ~Folder() {
        before_.empty() ? ::unsetenv("PATCHBAY_STATE_DIR")
                        : ::setenv("PATCHBAY_STATE_DIR", before_.c_str(), 1);
        std::filesystem::remove_all(path_);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
    std::string before_;
};

std::string read(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

TEST(ClientSettings, AnAnswerThatWasKeptAsksNobody) {
    LocalUpstream upstream(test::greet);
    Client client(settings("litellm_settings: {cache: true}"));
    auto first = client.completion(asked_of(upstream));
    ASSERT_TRUE(first) << first.error().message;
    EXPECT_EQ(first->about().at("/cache_hit"), "false");
    auto second = client.completion(asked_of(upstream));
    ASSERT_TRUE(second) << second.error().message;
    EXPECT_EQ(second->text(), "你好");
    EXPECT_EQ(second->about().at("/cache_hit"), "true");
    EXPECT_EQ(second->about().at("/cost"), "0.0");
    EXPECT_EQ(second->about().at("/cache_key"), first->about().at("/cache_key"));
    EXPECT_EQ(upstream.requests().size(), 1u);
    ChatRequest fresh = asked_of(upstream);
    fresh.more.push_back({"cache", R"({"no-cache":true})"});
    ASSERT_TRUE(client.completion(fresh));
    EXPECT_EQ(upstream.requests().size(), 2u);
}

TEST(ClientSettings, ACacheOnDiskIsLeftOutAndTold) {
    LocalUpstream upstream(test::greet);
    Client client(settings("litellm_settings: {cache: true, cache_params: {type: disk}}"));
    ASSERT_EQ(client.problems().size(), 1u);
    EXPECT_THAT(client.problems()[0].message, HasSubstr("on disk it is the gateway's alone"));
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(client.completion(asked_of(upstream)));
    EXPECT_EQ(upstream.requests().size(), 2u);
}

TEST(ClientSettings, WithoutACacheEveryCallAsks) {
    LocalUpstream upstream(test::greet);
    Client client;
    for (int i = 0; i < 2; ++i) {
        auto answer = client.completion(asked_of(upstream));
        ASSERT_TRUE(answer);
        EXPECT_FALSE(answer->about().at("/cache_hit"));
    }
    EXPECT_EQ(upstream.requests().size(), 2u);
}

TEST(ClientSettings, ALogSinkGetsARecordOfEachCall) {
    const Folder folder;
    const auto file = folder.path() / "calls.jsonl";
    LocalUpstream upstream(test::greet);
    {
        Client client(
            settings("litellm_settings: {callbacks: [file]}\n"
                     "callback_settings: {file: {url: 'file://" +
                     file.string() + "'}}\n"));
        EXPECT_TRUE(client.problems().empty());
        ASSERT_TRUE(client.completion(asked_of(upstream)));
        for (const Chunk& chunk : client.stream(asked_of(upstream))) {
            ASSERT_FALSE(chunk.json().empty());
        }
    }
    const std::string records = read(file);
    EXPECT_EQ(std::count(records.begin(), records.end(), '\n'), 2);
    EXPECT_THAT(records, HasSubstr(R"("model":"openai/gpt-4o")"));
    EXPECT_THAT(records, HasSubstr("你好"));
    EXPECT_EQ(records.find("sk-canary"), std::string::npos);
}

TEST(ClientSettings, ASinkThatCannotBeHadIsToldOnceAndCallsGoOn) {
    LocalUpstream upstream(test::greet);
    Client client(settings("litellm_settings: {callbacks: [file, nobody-knows-it]}"));
    ASSERT_EQ(client.problems().size(), 2u);
    EXPECT_THAT(client.problems()[0].message, HasSubstr("the log sink 'file' needs"));
    EXPECT_THAT(client.problems()[1].message, HasSubstr("'nobody-knows-it'"));
    auto answer = client.completion(asked_of(upstream));
    ASSERT_TRUE(answer) << answer.error().message;
    auto refused = client.completion({.model = "nobody/x", .messages = {{"user", "x"}}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message.find("log sink"), std::string::npos);
}

TEST(ClientSettings, AModelListAmongThemIsRefused) {
    try {
        Client client(settings("model_list:\n  - model_name: a\n    litellm_params: {model: x/y}"));
        FAIL() << "was opened";
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("the configuration:2:5: model_list"));
    }
}

TEST(ClientSettings, ACallTellsWhatItCost) {
    LocalUpstream upstream(test::greet);
    Client client;
    auto answer = client.completion(asked_of(upstream));
    ASSERT_TRUE(answer);
    // 3 tokens in at 2.5 and 2 out at 10 dollars a million.
    EXPECT_EQ(answer->about().at("/cost"), "2.75e-05");
    ChatRequest own = asked_of(upstream);
    own.more.push_back({"input_cost_per_token", "1"});
    own.more.push_back({"output_cost_per_token", "0.5"});
    auto priced = client.completion(own);
    ASSERT_TRUE(priced);
    EXPECT_EQ(priced->about().at("/cost"), "4.0");
    own.more.push_back({"mock_response", "\"said\""});
    auto mocked = client.completion(own);
    ASSERT_TRUE(mocked);
    EXPECT_EQ(mocked->about().at("/cost"), "20.0");  // 10 tokens in, 20 out
    ChatRequest unknown = asked_of(upstream);
    unknown.model = "openai/nobody-has-a-price-for-it";
    auto unpriced = client.completion(unknown);
    ASSERT_TRUE(unpriced);
    EXPECT_FALSE(unpriced->about().at("/cost"));
}

std::string look_up(bay_client* client, std::string_view what, std::string_view about) {
    std::string json;
    const auto take = [](void* ctx, bay_str text) {
        static_cast<std::string*>(ctx)->assign(text.ptr, text.len);
    };
    EXPECT_EQ(bay_client_look_up(client, detail::view(what), detail::view(about), take, &json),
              BAY_OK);
    return json;
}

TEST(ClientSettings, TheTableOfModelsIsToldAsItIs) {
    bay_client* client = nullptr;
    ASSERT_EQ(bay_client_open(nullptr, &client), BAY_OK);
    const std::string told = look_up(client, "catalogue", "{}");
    EXPECT_THAT(told, StartsWith(R"({"table":"name\tprovider\t)"));
    EXPECT_THAT(told, HasSubstr(R"(\ngpt-4o\topenai\t)"));
    bay_client_close(client);
}

TEST(ClientSettings, PricesAreToldToTheLastDigit) {
    bay_client* client = nullptr;
    ASSERT_EQ(bay_client_open(nullptr, &client), BAY_OK);
    EXPECT_EQ(look_up(client, "cost",
                      R"({"model":"gpt-4o","usage":{"prompt_tokens":3,"completion_tokens":2}})"),
              R"({"input":7.5e-06,"output":2e-05,"cost":2.75e-05,"priced":true})");
    EXPECT_EQ(
        look_up(client, "cost",
                R"({"model":"openai/mine","usage":{"prompt_tokens":1,"completion_tokens":1},)"
                R"("prices":{"input_cost_per_token":3.75e-11,"output_cost_per_token":"0.5"}})"),
        R"({"input":3.75e-11,"output":0.5,"cost":0.5000000000375,"priced":true})");
    EXPECT_EQ(look_up(client, "cost",
                      R"({"model":"aiml/dall-e-3","units":{"images_out":2,"no_such_unit":1}})"),
              R"({"input":0,"output":0.104,"cost":0.104,"priced":true})");
    EXPECT_EQ(look_up(client, "tokens", R"({"text":"twelve bytes"})"), R"({"tokens":3})");
    EXPECT_EQ(look_up(client, "cost", R"({"model":"openai/nobody-has-a-price-for-it"})"), "{}");
    EXPECT_THAT(look_up(client, "model", R"({"model":"gpt-4o"})"),
                HasSubstr(R"("input_cost_per_token":2.5e-06)"));
    bay_client_close(client);
}

TEST(ClientSettings, ValuesAreHeldAgainstASchema) {
    bay_client* client = nullptr;
    ASSERT_EQ(bay_client_open(nullptr, &client), BAY_OK);
    const std::string schema =
        R"("schema":{"type":"object","required":["a"],"properties":{"a":{"$ref":"#/$defs/N"}},)"
        R"("$defs":{"N":{"type":"integer"}}})";
    EXPECT_EQ(look_up(client, "schema", "{" + schema + R"(,"value":{"a":1}})"), "[]");
    EXPECT_THAT(look_up(client, "schema", "{" + schema + R"(,"value":{"a":"b"}})"),
                HasSubstr(R"("at":"/a")"));
    EXPECT_THAT(look_up(client, "schema", "{" + schema + R"(,"value":[]})"),
                HasSubstr(R"("at":"")"));
    EXPECT_EQ(look_up(client, "schema", R"({"schema":{"type":"array"},"value":[1]})"), "[]");
    bay_client_close(client);
}

TEST(ClientSettings, TheNextDeploymentIsToldByItsId) {
    const std::string config =
        R"({"model_list":[{"model_name":"a","litellm_params":{"model":"openai/m","api_key":"k"},)"
        R"("model_info":{"id":"one"}},{"model_name":"v","litellm_params":{"model":"openai/e",)"
        R"("api_key":"k"},"model_info":{"id":"two","mode":"embedding"}}]})";
    bay_client_options options{};
    options.size = sizeof options;
    options.config = detail::view(config);
    bay_client* client = nullptr;
    ASSERT_EQ(bay_client_open(&options, &client), BAY_OK);
    EXPECT_EQ(look_up(client, "deployment", R"({"model":"a"})"), R"({"id":"one"})");
    EXPECT_EQ(look_up(client, "deployment", R"({"model":"v","operation":"embeddings"})"),
              R"({"id":"two"})");
    EXPECT_THAT(look_up(client, "deployment", R"({"model":"b"})"),
                HasSubstr(R"("exception":"BadRequestError")"));
    bay_client_close(client);
}

}  // namespace
}  // namespace patchbay
