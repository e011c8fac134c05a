#include "engine/surface/body_edit.hpp"

#include <gtest/gtest.h>

#include "contract/json/control_params.hpp"

namespace patchbay {
namespace {

// The index a scanner would make of {"a":1,"b":[2]} and the like: flat values without quotes or
// commas.
std::vector<bay_member> index_of(const std::string& json) {
    std::vector<bay_member> members;
    std::size_t at = 1;
    while (at < json.size() - 1) {
        bay_member m{};
        m.name_off = json.find('"', at);
        const std::size_t close = json.find('"', m.name_off + 1);
        m.value_off = json.find(':', close) + 1;
        std::size_t end = json.find(',', m.value_off);
        if (end == std::string::npos) end = json.size() - 1;
        m.name = {json.data() + m.name_off + 1, close - m.name_off - 1};
        m.value = {json.data() + m.value_off, end - m.value_off};
        members.push_back(m);
        at = end + 1;
    }
    return members;
}

TEST(EditedBody, drops_adds_and_overrides_top_level_members) {
    const std::string json = R"({"model":"m", "tags" : 1,"temperature":0.5,"top_k":3})";
    const auto members = index_of(json);
    const std::vector<BodyMember> defaults{{"\"temperature\"", "1"}, {"\"seed\"", "7"}};
    const std::vector<BodyMember> overrides{{"\"top_k\"", "9"}, {"\"x\"", "{}"}};
    const EditedBody edited({json, members}, {is_control_param, defaults, overrides});
    EXPECT_EQ(edited.view().json, R"({"model":"m","temperature":0.5,"seed":7,"top_k":9,"x":{}})");
}

TEST(EditedBody, the_index_of_the_copy_points_into_the_copy) {
    const std::string json = R"({"a":1,"tags":2,"b":3})";
    const auto members = index_of(json);
    const EditedBody edited({json, members}, {is_control_param, {}, {}});
    const IndexedBody view = edited.view();
    ASSERT_EQ(view.members.size(), 2u);
    for (const bay_member& m : view.members) {
        EXPECT_EQ(view.json.substr(m.value_off, m.value.len),
                  std::string_view(m.value.ptr, m.value.len));
        EXPECT_EQ(view.json.substr(m.name_off + 1, m.name.len),
                  std::string_view(m.name.ptr, m.name.len));
        EXPECT_GE(m.value.ptr, view.json.data());
        EXPECT_LE(m.value.ptr + m.value.len, view.json.data() + view.json.size());
    }
}

TEST(EditedBody, a_limit_of_the_answer_has_two_names) {
    const std::vector<BodyMember> old_name{{"\"max_tokens\"", "5"}};
    const std::vector<BodyMember> new_name{{"\"max_completion_tokens\"", "5"}};
    const auto edited = [](const std::string& json, std::span<const BodyMember> defaults) {
        const auto members = index_of(json);
        return std::string(EditedBody({json, members}, {{}, defaults, {}}).view().json);
    };
    const std::string said_old = R"({"max_tokens":9})", said_new = R"({"max_completion_tokens":9})";
    EXPECT_EQ(edited(said_new, old_name), said_new);
    EXPECT_EQ(edited(said_old, new_name), said_old);
    EXPECT_EQ(edited("{}", old_name), R"({"max_tokens":5})");
    EXPECT_EQ(edited("{}", new_name), R"({"max_completion_tokens":5})");
}

TEST(EditedBody, may_end_up_empty) {
    const std::string json = R"({"tags":2})";
    const auto members = index_of(json);
    EXPECT_EQ(EditedBody({json, members}, {is_control_param, {}, {}}).view().json, "{}");
}

TEST(ControlParams, are_litellms_and_not_the_providers) {
    for (const char* name :
         {"mock_response", "num_retries", "metadata", "no-log", "weight", "timeout"}) {
        EXPECT_TRUE(is_control_param(name)) << name;
    }
    for (const char* name :
         {"model", "messages", "stream", "temperature", "tools", "user", "", "x"}) {
        EXPECT_FALSE(is_control_param(name)) << name;
    }
}

}  // namespace
}  // namespace patchbay
