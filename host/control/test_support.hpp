// A control plane without HTTP, for tests, on both stores.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include "control/dispatch.hpp"
#include "patchbay/json_tree.hpp"
#include "store/test_support.hpp"

namespace patchbay::control {

inline constexpr std::string_view kMaster = "sk-master-canary";

class ControlTest : public store::test::StoreTest {
  protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        auto opened = store::Records::open(address(), "hmac");
        if (!opened) throw std::runtime_error(opened.error().text);
        dispatch.emplace(std::move(*opened));
        dispatch->use({.master_key = Secret(std::string(kMaster)), .guardrails = {"pii"}});
        begin();
    }
    void TearDown() override { dispatch.reset(); }
    /// What the tests of a suite begin with.
    virtual void begin() {}

    struct Reply {
        int status;
        boost::json::value body;
        std::string text;

        const boost::json::value& operator[](std::string_view name) const {
            static const boost::json::value kNull;
            const auto* object = body.if_object();
            const auto* found = object ? object->if_contains(name) : nullptr;
            return found ? *found : kNull;
        }
        /// error.message, or detail.error.
        std::string message() const {
            for (const char* outer : {"error", "detail"}) {
                const auto* object = (*this)[outer].if_object();
                if (object == nullptr) continue;
                for (const char* inner : {"message", "error"}) {
                    const auto* found = object->if_contains(inner);
                    if (found && found->is_string()) return std::string(found->get_string());
                }
            }
            return text;
        }
    };
    Reply ask(std::string_view method, std::string_view target, std::string_view body = {},
              std::string_view key = kMaster) {
        const std::size_t mark = target.find('?');
        Ask made{.method = std::string(method),
                 .path = std::string(target.substr(0, mark)),
                 .query = mark == target.npos ? "" : std::string(target.substr(mark + 1)),
                 .text = std::string(body),
                 .key = Secret(std::string(key))};
        Answer answer = dispatch->answer(std::move(made));
        return {answer.status, json_tree::read(answer.body).value, answer.body};
    }
    Reply post(std::string_view path, std::string_view body, std::string_view key = kMaster) {
        return ask("POST", path, body, key);
    }
    Reply get(std::string_view target, std::string_view key = kMaster) {
        return ask("GET", target, {}, key);
    }
    static std::string text(const boost::json::value& value) {
        return value.is_string() ? std::string(value.get_string()) : json_tree::write(value);
    }
    /// A key of a new user with this role.
    std::string key_of(const std::string& user, const std::string& role) {
        const Reply made =
            post("/user/new", R"({"user_id":")" + user + R"(","user_role":")" + role + "\"}");
        EXPECT_EQ(made.status, 200) << made.text;
        return text(made["key"]);
    }

    std::optional<Dispatch> dispatch;
};

}  // namespace patchbay::control
