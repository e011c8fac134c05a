#include "contract/manifest/manifest.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

boost::json::value whole() {
    return boost::json::parse(R"({
        "id": "org.example.thing", "version": "1.4.0-rc.1+b7", "license": "Apache-2.0", "abi": "0.1",
        "name": "unknown members are ignored",
        "components": [
            {"kind": "bay.provider/1", "id": "thing",
             "operations": ["chat.completions"], "features": ["stream"],
             "egress": ["https://api.example.org"],
             "config_schema": {"type": "object"},
             "provider": {"prefixes": ["thing", "thing_text"], "base_url": "https://api.example.org",
                          "api_key_env": ["A", "B"], "api_base_env": ["C"], "rows": "thing.json",
                          "settings": ["zone"], "params": [],
                          "links": {"fetch": ["http"], "models": {"match": ["a*"], "except": ["ab"]}}}},
            {"kind": "com.example.other/2", "id": "thing"},
            {"kind": "bay.guardrail/1", "id": "mask", "names": ["litellm_mask"],
             "config_env": {"api_key": ["MASK_KEY", "KEY"]},
             "guardrail": {"modes": ["pre_call", "post_call"], "stream_every": 5}}]})");
}

/// The error after the value at `pointer` was replaced (or removed, if `value` is not given).
std::string error_with(const std::string& pointer, std::optional<boost::json::value> value = {}) {
    auto document = whole();
    const auto slash = pointer.rfind('/');
    boost::json::error_code error;
    boost::json::value* parent = document.find_pointer(pointer.substr(0, slash), error);
    if (value) {
        if (parent->is_object()) {
            parent->as_object()[pointer.substr(slash + 1)] = *value;
        } else {
            parent->as_array()[std::stoul(pointer.substr(slash + 1))] = *value;
        }
    } else {
        parent->as_object().erase(pointer.substr(slash + 1));
    }
    const auto manifest = parse_manifest(boost::json::serialize(document));
    return manifest ? std::string() : manifest.error();
}

TEST(Manifest, reads_everything) {
    const auto text = boost::json::serialize(whole());
    const auto manifest = parse_manifest(text);
    ASSERT_TRUE(manifest) << manifest.error();
    EXPECT_EQ(manifest->id, "org.example.thing");
    EXPECT_EQ(manifest->version, "1.4.0-rc.1+b7");
    EXPECT_EQ(manifest->license, "Apache-2.0");
    EXPECT_EQ(manifest->abi_major, 0u);
    EXPECT_EQ(manifest->abi_minor, 1u);
    EXPECT_EQ(manifest->text, text);
    ASSERT_EQ(manifest->components.size(), 3u);
    const auto& mask = manifest->components[2];
    EXPECT_THAT(mask.names, ElementsAre("litellm_mask"));
    EXPECT_THAT(mask.config_env.at("api_key"), ElementsAre("MASK_KEY", "KEY"));
    EXPECT_THAT(mask.guardrail.modes, ElementsAre("pre_call", "post_call"));
    EXPECT_EQ(mask.guardrail.stream_every, 5);
    const auto& thing = manifest->components[0];
    EXPECT_EQ(thing.kind, "bay.provider/1");
    EXPECT_EQ(thing.id, "thing");
    EXPECT_THAT(thing.operations, ElementsAre("chat.completions"));
    EXPECT_THAT(thing.features, ElementsAre("stream"));
    EXPECT_THAT(thing.egress, ElementsAre("https://api.example.org"));
    EXPECT_EQ(thing.config_schema.at("type").as_string(), "object");
    EXPECT_THAT(thing.provider.prefixes, ElementsAre("thing", "thing_text"));
    EXPECT_EQ(thing.provider.base_url, "https://api.example.org");
    EXPECT_THAT(thing.provider.api_key_env, ElementsAre("A", "B"));
    EXPECT_THAT(thing.provider.api_base_env, ElementsAre("C"));
    EXPECT_EQ(thing.provider.rows, "thing.json");
    EXPECT_THAT(thing.provider.settings, ElementsAre("zone"));
    EXPECT_THAT(thing.provider.links.fetch, ElementsAre("http"));
    EXPECT_THAT(thing.provider.links.models.match, ElementsAre("a*"));
    EXPECT_THAT(thing.provider.links.models.except, ElementsAre("ab"));
    ASSERT_TRUE(thing.provider.params) << "none is not the same as no list";
    EXPECT_TRUE(thing.provider.params->empty());
    EXPECT_EQ(manifest->components[1].kind, "com.example.other/2");
}

TEST(Manifest, says_where_it_is_not_json) {
    const auto manifest = parse_manifest(R"({"id": "x", nonsense})");
    ASSERT_FALSE(manifest);
    EXPECT_THAT(manifest.error(), HasSubstr("not JSON, at byte 1"));
    EXPECT_FALSE(parse_manifest(""));
    EXPECT_FALSE(parse_manifest("{} {}"));
    EXPECT_FALSE(parse_manifest("[]"));
    EXPECT_FALSE(parse_manifest(std::string(100000, '[')));
}

TEST(Manifest, operations_are_ids_or_objects_with_features) {
    const auto parsed = [](std::string_view json) {
        return parse_operations(boost::json::parse(json), "/at");
    };
    const auto read =
        parsed(R"(["a", {"id": "b", "features": ["stream"], "path": "/x"}, {"id": "c"}])");
    ASSERT_TRUE(read) << read.error();
    EXPECT_THAT(read->ids, ElementsAre("a", "b", "c"));
    ASSERT_EQ(read->features.size(), 1u);
    EXPECT_THAT(read->features.at("b"), ElementsAre("stream"));
    for (const auto& [json, wrong] :
         {std::pair{R"("a")", "/at must be a list of strings and objects"},
          {R"([1])", "/at/0 must be a string or an object"},
          {R"([""])", "/at/0 must not be empty"},
          {R"([{}])", "/at/0/id is missing"},
          {R"(["a", {"id": "a"}])", "/at/1 is there already"},
          {R"([{"id": "a", "features": "b"}])", "/at/0/features must be a list of strings"}}) {
        const auto refused = parsed(json);
        ASSERT_FALSE(refused) << json;
        EXPECT_EQ(refused.error(), wrong);
    }
    EXPECT_THAT(error_with("/components/0/operations", "chat"), HasSubstr("must be a list"));
}

TEST(Manifest, an_operation_may_be_for_some_models) {
    const auto parsed = [](std::string_view json) {
        return parse_operations(boost::json::parse(json), "/at");
    };
    const auto read =
        parsed(R"(["a", {"id": "b", "models": {"match": ["x-*"], "except": ["x-1"]}}])");
    ASSERT_TRUE(read) << read.error();
    ASSERT_EQ(read->models.size(), 1u);
    EXPECT_THAT(read->models.at("b").match, ElementsAre("x-*"));
    EXPECT_THAT(read->models.at("b").except, ElementsAre("x-1"));
    for (const auto& [json, wrong] :
         {std::pair{R"([{"id": "b", "models": ["x"]}])", "/at/0/models must be an object"},
          {R"([{"id": "b", "models": {}}])",
           "/at/0/models/match must name the models, with '*' for any text"},
          {R"([{"id": "b", "models": {"match": ["x"], "except": "y"}}])",
           "/at/0/models/except must be a list of strings"}}) {
        const auto refused = parsed(json);
        ASSERT_FALSE(refused) << json;
        EXPECT_EQ(refused.error(), wrong);
    }
}

TEST(Manifest, names_both_abi_versions) {
    EXPECT_EQ(error_with("/abi", "2.0"), "built for plugin ABI 2.0, this host speaks 0.3");
    EXPECT_EQ(error_with("/abi", "0.4"), "built for plugin ABI 0.4, this host speaks 0.3");
    EXPECT_EQ(error_with("/abi", "0.0"), "");
    EXPECT_THAT(error_with("/abi", "new"), HasSubstr("/abi must be"));
    EXPECT_THAT(error_with("/abi", "0.1.2"), HasSubstr("/abi must be"));
    EXPECT_THAT(error_with("/abi", 1), HasSubstr("/abi must be a string"));
}

TEST(Manifest, another_major_may_look_different) {
    const auto manifest = parse_manifest(R"({"abi": "2.0", "modules": {}})");
    ASSERT_FALSE(manifest);
    EXPECT_EQ(manifest.error(), "built for plugin ABI 2.0, this host speaks 0.3");
}

TEST(Manifest, points_at_what_is_missing) {
    EXPECT_THAT(error_with("/id"), HasSubstr("/id is missing"));
    EXPECT_THAT(error_with("/version"), HasSubstr("/version is missing"));
    EXPECT_THAT(error_with("/license"), HasSubstr("/license is missing"));
    EXPECT_THAT(error_with("/abi"), HasSubstr("/abi is missing"));
    EXPECT_THAT(error_with("/components"), HasSubstr("/components is missing"));
    EXPECT_THAT(error_with("/components/0/kind"), HasSubstr("/components/0/kind is missing"));
    EXPECT_THAT(error_with("/components/1/id"), HasSubstr("/components/1/id is missing"));
    EXPECT_THAT(error_with("/components/0/provider"),
                HasSubstr("/components/0/provider is missing"));
}

TEST(Manifest, points_at_what_has_the_wrong_type_or_form) {
    const auto empty_list = boost::json::array{};
    EXPECT_THAT(error_with("/id", "../evil"), HasSubstr("/id must be"));
    EXPECT_THAT(error_with("/version", "1/2"), HasSubstr("/version must be"));
    EXPECT_THAT(error_with("/components", empty_list),
                HasSubstr("/components must be a list of at least"));
    EXPECT_THAT(error_with("/components/1", "x"), HasSubstr("/components/1 must be an object"));
    EXPECT_THAT(error_with("/components/0/kind", "provider"),
                HasSubstr("/components/0/kind must be"));
    EXPECT_THAT(error_with("/components/0/id", "Thing"), HasSubstr("/components/0/id must be"));
    EXPECT_THAT(error_with("/components/0/operations", "chat"),
                HasSubstr("/operations must be a list"));
    EXPECT_THAT(error_with("/components/0/egress/0", 1), HasSubstr("/egress/0 must be a string"));
    EXPECT_THAT(error_with("/components/0/config_schema", true),
                HasSubstr("/config_schema must be"));
    EXPECT_THAT(error_with("/components/0/provider/prefixes/1", "a/b"),
                HasSubstr("/prefixes/1 must be"));
    EXPECT_THAT(error_with("/components/0/provider/base_url", "ftp://x"),
                HasSubstr("/base_url must begin"));
    EXPECT_THAT(error_with("/components/0/provider/rows", "../x.json"), HasSubstr("/rows must be"));
    EXPECT_THAT(error_with("/components/0/provider", boost::json::object{}),
                HasSubstr("\"prefixes\" or"));
    EXPECT_THAT(error_with("/components/2/names", "mask"), HasSubstr("/names must be a list"));
    EXPECT_THAT(error_with("/components/2/config_env/api_key", "KEY"),
                HasSubstr("/config_env/api_key must be a list"));
    EXPECT_THAT(error_with("/components/2/guardrail/modes/1", "never"),
                HasSubstr("/guardrail/modes/1 must be pre_call"));
    EXPECT_THAT(error_with("/components/2/guardrail/stream_every", 0),
                HasSubstr("/stream_every must be a number"));
}

TEST(Manifest, a_base_url_may_be_empty) {
    EXPECT_EQ(error_with("/components/0/provider/base_url", ""), "");
    EXPECT_EQ(error_with("/components/0/provider/base_url"), "");
}

TEST(Manifest, refuses_a_component_twice) {
    const auto same = whole().at("components").at(0);
    EXPECT_THAT(error_with("/components/1", same),
                HasSubstr("/components/1/id is the id of an earlier"));
}

}  // namespace
}  // namespace patchbay
