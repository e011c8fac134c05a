// Test support: snapshots built of YAML with fixture plugins, which are loaded once for all tests.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/test_support.hpp"
#include "engine/plugins/test_support.hpp"
#include "engine/router/router.hpp"
#include "engine/world/snapshot.hpp"

namespace patchbay::test {

/// Rows of the fixture many.so beside those of its own.
inline constexpr std::string_view kRows = R"({
    "homeless": {"api_base_env": ["HOMELESS_BASE"]},
    "athome": {"base_url": "http://localhost:11434", "api_key_env": ["HOME_KEY"]},
    "keyless": {"base_url": "http://127.0.0.1:9/v1", "api_key_env": ["KEYLESS_KEY"], "key_optional": true}
})";

class SnapshotTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        directory_ = new test::TemporaryDirectory;
        directory_->add_fixture("many.so");
        directory_->add_fixture("demo.so");
        directory_->write("many_rows.json", std::string(kRows));
        PluginSetOptions options;
        options.directories = {directory_->path()};
        options.cache_directory = directory_->path() / "copies";
        std::vector<Problem> found;
        plugins_ = PluginSet::load(options, found);
        for (const Problem& problem : found) ADD_FAILURE() << problem.text();
    }
    static void TearDownTestSuite() {
        plugins_.reset();
        delete directory_;
    }

    std::shared_ptr<const Snapshot> build(const std::string& yaml,
                                          config_test::Variables variables = {}) {
        problems.clear();
        LoadedConfig loaded = config_test::load(yaml, std::move(variables));
        for (const Problem& problem : loaded.problems) ADD_FAILURE() << problem.text();
        if (!loaded.config) return nullptr;
        return build_snapshot(std::move(*loaded.config), loaded.environment, plugins_, 7, problems);
    }
    std::vector<std::string> texts() const { return config_test::texts(problems); }

    /// A model_list entry: "name" with more lines of litellm_params.
    static std::string entry(const std::string& name, const std::string& model,
                             const std::vector<std::string>& more = {}) {
        std::string text = "  - model_name: \"" + name +
                           "\"\n    litellm_params:\n      model: \"" + model + "\"\n";
        for (const std::string& line : more) text += "      " + line + "\n";
        return text;
    }
    static std::string with_id(std::string text, const std::string& id) {
        return text + "    model_info:\n      id: " + id + "\n";
    }
    static std::string list(const std::vector<std::string>& entries, const std::string& rest = {}) {
        std::string text = "model_list:\n";
        for (const std::string& e : entries) text += e;
        return text + rest;
    }
    static const Deployment& only(const Snapshot& snapshot, std::string_view model) {
        const auto route = resolve_model(snapshot, model, "/chat/completions");
        if (!route) throw std::out_of_range(std::string(model));
        EXPECT_EQ(route->group->deployments.size(), 1u) << model;
        return *route->group->deployments.at(0);
    }

    std::vector<Problem> problems;
    static inline test::TemporaryDirectory* directory_ = nullptr;
    static inline std::shared_ptr<PluginSet> plugins_;
};

}  // namespace patchbay::test
