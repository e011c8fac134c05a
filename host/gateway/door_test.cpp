#include "gateway/door.hpp"

#include <gtest/gtest.h>

#include "gateway/key_check.hpp"

namespace patchbay::gateway {
namespace {

Request asked(const char* method, const char* target,
              std::initializer_list<const char*> forwarded = {}) {
    boost::beast::http::request_header<> head;
    head.method(boost::beast::http::string_to_verb(method));
    head.target(target);
    for (const char* line : forwarded) head.insert("X-Forwarded-For", line);
    Request request;
    request.take_head(std::move(head));
    request.peer = "192.0.2.1";
    return request;
}

AccessSettings from(std::string_view network, bool forwarded = false) {
    AccessSettings access;
    access.allowed_ips.emplace();
    EXPECT_TRUE(access.allowed_ips->add(network));
    access.use_x_forwarded_for = forwarded;
    return access;
}

constexpr const char* kChat = "/v1/chat/completions";

TEST(Door, an_address_that_is_not_allowed_is_told_so) {
    EXPECT_FALSE(check_door(asked("POST", kChat), from("192.0.2.0/24"), {}));
    const auto refused = check_door(asked("POST", kChat), from("10.0.0.0/8"), {});
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status(), 403);
    EXPECT_EQ(refused->type, "auth_error");
    EXPECT_EQ(refused->message, "Access forbidden: IP address 192.0.2.1 not allowed.");
    EXPECT_TRUE(check_door(asked("POST", "/key/generate"), from("10.0.0.0/8"), "/key/generate"));
    EXPECT_FALSE(check_door(asked("POST", kChat), {}, {}));
}

TEST(Door, the_nearest_proxy_says_who_the_client_is_and_nobody_else) {
    const auto in = [](std::initializer_list<const char*> lines, bool forwarded = true) {
        return !check_door(asked("POST", kChat, lines), from("10.0.0.7", forwarded), {});
    };
    EXPECT_TRUE(in({"10.0.0.7"}));
    EXPECT_TRUE(in({"203.0.113.9, 10.0.0.7:4711"}));
    EXPECT_TRUE(in({"203.0.113.9", "10.0.0.7"}));
    EXPECT_FALSE(in({"10.0.0.7, 203.0.113.9"})) << "what the client has written";
    EXPECT_FALSE(in({"10.0.0.7", "203.0.113.9"}));
    EXPECT_FALSE(in({"10.0.0.7,"}));
    EXPECT_FALSE(in({}));
    EXPECT_FALSE(in({"10.0.0.7"}, false));
    EXPECT_FALSE(check_door(asked("POST", kChat), from("192.0.2.1", true), {}))
        << "without the header it is who is connected";
}

TEST(Door, only_proxies_that_are_known_are_believed) {
    const auto client = [](std::initializer_list<const char*> lines, std::string_view proxies) {
        AccessSettings access;
        access.use_x_forwarded_for = true;
        access.trusted_proxies.emplace();
        EXPECT_TRUE(access.trusted_proxies->add(proxies));
        return std::string(client_address(asked("POST", kChat, lines), access));
    };
    EXPECT_EQ(client({"10.0.0.7"}, "192.0.2.0/24"), "10.0.0.7");
    EXPECT_EQ(client({"10.0.0.7"}, "198.51.100.0/24"), "192.0.2.1") << "it is no proxy";
    EXPECT_EQ(client({"10.0.0.7, 203.0.113.9, 192.0.2.8"}, "192.0.2.0/24"), "203.0.113.9");
    EXPECT_EQ(client({"10.0.0.7", "192.0.2.9 , 192.0.2.8"}, "192.0.2.0/24"), "10.0.0.7");
    EXPECT_EQ(client({"192.0.2.9,192.0.2.8"}, "192.0.2.0/24"), "192.0.2.9") << "all are proxies";
    EXPECT_EQ(client({"10.0.0.7, unknown"}, "192.0.2.0/24"), "unknown");
    EXPECT_EQ(client({}, "192.0.2.0/24"), "192.0.2.1");
}

TEST(Door, routes_that_are_not_allowed_are_nobodys) {
    AccessSettings access;
    access.allowed_routes = {"/chat/completions", "/key/*", "info_routes", "public_routes"};
    const auto open = [&](const char* method, const char* path, std::string_view managed = {}) {
        return !check_door(asked(method, path), access, managed);
    };
    EXPECT_TRUE(open("POST", kChat));
    EXPECT_TRUE(open("POST", "/chat/completions"));
    EXPECT_TRUE(open("GET", "/v1/models"));
    EXPECT_FALSE(open("POST", "/v1/embeddings"));
    EXPECT_FALSE(open("POST", "/v1/messages"));
    EXPECT_FALSE(open("POST", "/cache/flushall"));
    EXPECT_TRUE(open("POST", "/key/generate", "/key/generate"));
    EXPECT_TRUE(open("POST", "/key/sk-1/regenerate", "/key/{key}/regenerate"));
    EXPECT_FALSE(open("POST", "/team/new", "/team/new"));
    EXPECT_EQ(check_door(asked("POST", "/team/new"), access, "/team/new")->message,
              "Route /team/new not allowed");
    access.allowed_routes->clear();
    EXPECT_FALSE(open("POST", kChat));
}

TEST(Door, routes_of_administrators_are_for_no_other_keys) {
    AccessSettings access;
    access.admin_only_routes = {"/embeddings", "/v1/models"};
    const auto refused = [&](const char* method, const char* path, bool admin) {
        Request request = asked(method, path);
        auto principal = std::make_shared<access::Principal>();
        principal->admin = admin;
        request.principal = principal;
        const auto error = check_principal(request, &access);
        return error ? error->status() : 0;
    };
    EXPECT_EQ(refused("POST", "/v1/embeddings", false), 403);
    EXPECT_EQ(refused("GET", "/v1/models", false), 403);
    EXPECT_EQ(refused("POST", kChat, false), 0);
    EXPECT_EQ(refused("POST", "/v1/embeddings", true), 0);
    EXPECT_EQ(refused("GET", "/metrics", false), 0) << "once it has a key";
}

}  // namespace
}  // namespace patchbay::gateway
