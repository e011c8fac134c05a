#include "control/access.hpp"

#include <fstream>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/route.hpp"

namespace patchbay::control {
namespace {

constexpr Role kRoles[] = {Role::none, Role::internal_user_viewer, Role::internal_user,
                           Role::proxy_admin_viewer, Role::proxy_admin};

// The list that is kept by hand: "POST /key/generate" -> who may, in the order of its columns.
std::map<std::string, std::string> expected() {
    std::ifstream file(PATCHBAY_ACCESS);
    std::map<std::string, std::string> rows;
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
        std::istringstream words(line);
        std::string method, path, who, one;
        words >> method >> path;
        while (words >> one) who += one + " ";
        rows[method + " " + path] = who;
    }
    return rows;
}

// The list and the table are written apart: a wrong row in one of them does not approve itself.
TEST(Access, every_route_is_open_to_the_roles_that_the_list_names_and_to_no_others) {
    std::map<std::string, std::string> listed = expected();
    ASSERT_GT(listed.size(), 40u);
    for (const Route& route : routes()) {
        const std::string name = std::string(route.method) + " " + std::string(route.path);
        ASSERT_TRUE(listed.contains(name)) << name << " is not in tests/data/access.tsv";
        std::string who;
        for (const Role role : kRoles) who += permitted(route.access, role) ? "yes " : "no ";
        EXPECT_EQ(who, listed[name]) << name;
        listed.erase(name);
    }
    for (const auto& [name, who] : listed) ADD_FAILURE() << name << " is listed, but no route";
}

TEST(Access, no_route_is_there_twice) {
    std::map<std::string, int> seen;
    for (const Route& route : routes()) {
        EXPECT_EQ(seen[std::string(route.method) + std::string(route.path)]++, 0) << route.path;
    }
}

TEST(Access, roles_have_litellms_names) {
    for (const Role role : kRoles) {
        if (role == Role::none) continue;
        EXPECT_EQ(role_of(role_name(role)), role);
    }
    EXPECT_EQ(role_of("unknown"), std::nullopt);
    EXPECT_EQ(role_of("root"), std::nullopt);
}

TEST(Routes, a_hole_takes_one_part_of_a_path) {
    std::string hole;
    const Route* route = find_route("POST", "/key/sk-a%2Fb/regenerate", hole);
    ASSERT_NE(route, nullptr);
    EXPECT_EQ(hole, "sk-a/b");
    EXPECT_EQ(find_route("POST", "/key/a/b/regenerate", hole), nullptr);
    EXPECT_EQ(find_route("POST", "/key//regenerate", hole), nullptr);
    EXPECT_EQ(find_route("GET", "/key/generate", hole), nullptr);
}

}  // namespace
}  // namespace patchbay::control
