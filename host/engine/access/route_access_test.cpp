#include "engine/access/route_access.hpp"

#include <gtest/gtest.h>

#include "engine/access/access_sample.hpp"

namespace patchbay::access {
namespace {

TEST(RouteAccess, allowed_routes_are_names_beginnings_and_groups) {
    struct Row {
        std::string routes;
        RouteKind kind;
        std::string route, path;
        int status;  ///< 0: allowed
    };
    const std::string chat = "/chat/completions";
    const std::string v1 = "/v1/chat/completions";
    for (const Row& row : {
             Row{"[]", RouteKind::model, chat, v1, 0},
             Row{R"(["llm_api_routes"])", RouteKind::model, chat, v1, 0},
             Row{R"(["management_routes"])", RouteKind::model, chat, v1, 403},
             Row{R"(["info_routes"])", RouteKind::model, chat, v1, 403},
             Row{R"(["info_routes"])", RouteKind::info, "/models", "/v1/models", 0},
             Row{R"(["/chat/completions"])", RouteKind::model, chat, v1, 0},
             Row{R"(["/v1/chat/completions"])", RouteKind::model, chat, v1, 0},
             Row{R"(["/v1/*"])", RouteKind::model, chat, v1, 0},
             Row{R"(["/v2/*"])", RouteKind::model, chat, v1, 403},
             Row{R"(["/embeddings"])", RouteKind::model, chat, v1, 403},
             Row{R"(["anthropic_routes"])", RouteKind::model, "/v1/messages", "/v1/messages", 0},
             Row{R"(["anthropic_routes"])", RouteKind::model, chat, v1, 403},
             Row{"[]", RouteKind::admin, "/metrics", "/metrics", 401},
         }) {
        SubjectTable subjects;
        const auto principal = test::principal_of(
            test::key_record(R"({"allowed_routes":)" + row.routes + "}"), subjects);
        const auto refused = check_route(*principal, row.kind, row.route, row.path);
        EXPECT_EQ(refused ? refused->status() : 0, row.status) << row.routes << " " << row.path;
    }
}

TEST(RouteAccess, administrators_may_all_and_sessions_call_no_models) {
    SubjectTable subjects;
    auto record = test::key_record();
    record.session = true;
    const auto session = test::principal_of(record, subjects);
    EXPECT_TRUE(check_route(*session, RouteKind::model, "/chat/completions", "/chat/completions"));
    EXPECT_FALSE(check_route(*session, RouteKind::info, "/models", "/models"));
    record.session = false;
    record.role = "proxy_admin";
    const auto admin = test::principal_of(record, subjects);
    EXPECT_FALSE(check_route(*admin, RouteKind::admin, "/metrics", "/metrics"));
}

}  // namespace
}  // namespace patchbay::access
