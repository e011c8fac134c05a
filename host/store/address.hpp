// Where a store is.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace patchbay::store {

/// A file of SQLite's or a server of PostgreSQL's.
class Address {
  public:
    /// Nowhere.
    Address() = default;
    /// SQLite's file.
    Address(std::filesystem::path file) : file_(std::move(file)) {}

    /// "postgresql://..." or "postgres://..." is a server, everything else a file, also as "sqlite:///var/...".
    static Address read(std::string_view text);

    bool empty() const { return file_.empty() && server_.empty(); }
    bool is_server() const { return !server_.empty(); }
    const std::filesystem::path& file() const { return file_; }
    /// The URL as libpq takes it, without what only Prisma, LiteLLM's way to its database, knows. It may hold a
    /// password: never to be shown.
    const std::string& server() const { return server_; }
    /// The schema in which the tables are: that of the URL, else "patchbay", so that LiteLLM's own tables may
    /// be in the same database.
    const std::string& schema() const { return schema_; }
    /// For logs: without user, password and parameters.
    std::string shown() const;

  private:
    std::filesystem::path file_;
    std::string server_;
    std::string schema_;
};

}  // namespace patchbay::store
