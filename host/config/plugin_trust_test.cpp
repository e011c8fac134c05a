#include <gmock/gmock.h>

#include "config/test_support.hpp"

namespace patchbay {
namespace {

using config_test::load;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kHash(64, 'a');

TEST(PluginTrust, reads_pins_keys_and_options) {
    const auto loaded = load(R"(plugins:
  trust:
    sha256:
      org.example.a: )" + kHash +
                             R"(
      b.so: [")" + std::string(64, 'B') +
                             R"(", )" + std::string(64, '1') + R"(]
    ed25519: ["AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", keys/a.pem]
  breaker: {faults: 7, window: 60}
  feed_budget: 0.5
  org.example.a:
    egress: [https://x.example, "*"]
    breaker: {cooldown: 5}
    feed_budget: 2
)");
    ASSERT_TRUE(loaded.config);
    const PluginSettings& plugins = loaded.config->plugins;
    EXPECT_TRUE(plugins.trust.pinned);
    EXPECT_THAT(plugins.trust.sha256.at("org.example.a"), ElementsAre(kHash));
    EXPECT_THAT(plugins.trust.sha256.at("b.so"),
                ElementsAre(std::string(64, 'b'), std::string(64, '1')));
    ASSERT_EQ(plugins.trust.ed25519.size(), 2u);
    EXPECT_EQ(plugins.trust.ed25519[0].text, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    EXPECT_THAT(plugins.trust.ed25519[1].text, testing::EndsWith("keys/a.pem"));
    EXPECT_EQ(plugins.breaker.faults, 7);
    EXPECT_EQ(plugins.breaker.window, milliseconds(60'000));
    EXPECT_EQ(plugins.breaker.cooldown, milliseconds(30'000));
    EXPECT_EQ(plugins.feed_budget, milliseconds(500));
    const PluginOptions& options = plugins.plugins.at("org.example.a");
    ASSERT_TRUE(options.egress);
    EXPECT_EQ(options.egress->at(0).text, "https://x.example");
    EXPECT_EQ(options.egress->at(1).text, "*");
    EXPECT_GT(options.egress->at(1).place.line, 0);
    ASSERT_TRUE(options.breaker);
    EXPECT_EQ(options.breaker->faults, 7);
    EXPECT_EQ(options.breaker->cooldown, milliseconds(5'000));
    EXPECT_EQ(options.feed_budget, milliseconds(2'000));
}

TEST(PluginTrust, a_list_of_hashes_is_for_any_file) {
    const auto loaded = load("plugins: {trust: {sha256: [" + kHash + "]}}");
    ASSERT_TRUE(loaded.config);
    EXPECT_THAT(loaded.config->plugins.trust.sha256.at(""), ElementsAre(kHash));
}

TEST(PluginTrust, what_would_leave_the_door_open_is_an_error) {
    for (const std::string trust :
         {"{sha256: abc}", "{sha256: {a.so: abc}}", "{sha256: {a.so: [abc]}}",
          "{sha256: {a.so: {b: c}}}", "{sha256: }", "{ed25519: }", "{ed25519: []}",
          "{ed25519: key.pem}", "{ed25519: [[a]]}", "{sha265: {}}", "{required: true}"}) {
        const auto loaded = load("plugins:\n  trust: " + trust + "\n");
        EXPECT_FALSE(loaded.config) << trust;
        ASSERT_FALSE(loaded.problems.empty()) << trust;
        EXPECT_EQ(loaded.problems.front().place.line, 2) << trust;
    }
}

}  // namespace
}  // namespace patchbay
