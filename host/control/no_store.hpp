// What LiteLLM answers to management requests without a database; its words differ from route to route.
#pragma once

#include <string_view>

namespace patchbay::control {

inline constexpr std::string_view kWrapped500 =
    R"({"error": {"message": "{'error': 'DB not connected. This endpoint needs a database; set DATABASE_URL to a PostgreSQL connection string (postgresql://...) to enable it. See https://docs.litellm.ai/docs/proxy/virtual_keys'}", "type": "internal_server_error", "param": null, "code": "500"}})";
inline constexpr std::string_view kNeedsDatabase =
    R"({"detail": {"error": "DB not connected. This endpoint needs a database; set DATABASE_URL to a PostgreSQL connection string (postgresql://...) to enable it. See https://docs.litellm.ai/docs/proxy/virtual_keys"}})";
inline constexpr std::string_view kKeyUpdate =
    R"({"error": {"message": "{'error': 'Database not connected'}", "type": "auth_error", "param": "None", "code": "500"}})";
inline constexpr std::string_view kNotConnected =
    R"({"error": {"message": "Not connected to DB!", "type": "internal_server_error", "param": null, "code": "500"}})";
inline constexpr std::string_view kInternal =
    R"({"error": {"message": "Internal server error", "type": "internal_server_error"}})";
inline constexpr std::string_view kNeedsOther =
    R"({"error": {"message": "Database not connected. Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys", "type": "internal_server_error", "param": null, "code": "500"}})";
inline constexpr std::string_view kKeyList =
    R"({"error": {"message": "Authentication Error, Database not connected", "type": "internal_server_error", "param": "None", "code": "500"}})";
inline constexpr std::string_view kHealthy = R"({"key": "healthy", "logging_callbacks": null})";
inline constexpr std::string_view kTeamNew =
    R"({"error": {"message": "{'error': 'No db connected'}", "type": "internal_server_error", "param": null, "code": "500"}})";
inline constexpr std::string_view kTeamUpdate =
    R"({"error": {"message": "Authentication Error, No DB Connected. See - https://docs.litellm.ai/docs/proxy/virtual_keys", "type": "auth_error", "param": "None", "code": "401"}})";
inline constexpr std::string_view kNoDb = R"({"detail": {"error": "No db connected"}})";
inline constexpr std::string_view kTeamInfo =
    R"({"error": {"message": "{'error': 'Database not connected. Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys'}", "type": "auth_error", "param": "None", "code": "500"}})";
inline constexpr std::string_view kUserNew =
    R"({"error": {"message": "DB not connected. This endpoint needs a database; set DATABASE_URL to a PostgreSQL connection string (postgresql://...) to enable it. See https://docs.litellm.ai/docs/proxy/virtual_keys", "type": "internal_server_error", "param": null, "code": "400"}})";
inline constexpr std::string_view kUserUpdate =
    R"({"error": {"message": "Authentication Error, Not connected to DB!", "type": "auth_error", "param": "None", "code": "400"}})";
inline constexpr std::string_view kUserList =
    R"({"detail": {"error": "No db connected. prisma client=None"}})";
inline constexpr std::string_view kPostgres =
    R"({"detail": {"error": "500: {'error': 'Postgres DB Not connected'}"}})";
inline constexpr std::string_view kWrapped400 =
    R"({"error": {"message": "{'error': 'DB not connected. This endpoint needs a database; set DATABASE_URL to a PostgreSQL connection string (postgresql://...) to enable it. See https://docs.litellm.ai/docs/proxy/virtual_keys'}", "type": "internal_server_error", "param": null, "code": "400"}})";
inline constexpr std::string_view kSpendLogs =
    R"({"error": {"message": "/spend/logs ErrorDatabase not connected. Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys", "type": "internal_error", "param": "None", "code": "500"}})";
inline constexpr std::string_view kSpendTags =
    R"({"error": {"message": "/spend/tags ErrorDatabase not connected. Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys", "type": "internal_error", "param": "None", "code": "500"}})";
inline constexpr std::string_view kNoDatabaseText = R"({"detail": "Database not connected"})";
inline constexpr std::string_view kPrisma =
    R"({"error": {"message": "Prisma Client is not initialized", "type": "internal_error", "param": "None", "code": "401"}})";

inline constexpr std::string_view kNoDatabase =
    R"({"detail": {"error": "Database not connected"}})";
inline constexpr std::string_view kMembership =
    R"({"detail": {"error": "Database not connected. Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys"}})";
}  // namespace patchbay::control
