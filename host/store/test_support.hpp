// The same tests on both stores: an empty one for each test.
#pragma once

#include <array>
#include <atomic>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "store/database.hpp"

namespace patchbay::store::test {

enum class Kind { sqlite, postgres };

inline std::string kind_name(const testing::TestParamInfo<Kind>& kind) {
    return kind.param == Kind::sqlite ? "SQLite" : "PostgreSQL";
}

/// For INSTANTIATE_TEST_SUITE_P, with kind_name: makes the tests of a suite, a StoreTest, run on both.
inline const auto kBoth = testing::Values(Kind::sqlite, Kind::postgres);

/// A server for all tests of this process. It goes with the process, whose pipe ends then.
class Server {
  public:
    /// Starts it when it is first asked for.
    static const Server& instance() {
        static const Server server;
        return server;
    }
    /// Empty: PostgreSQL is not installed.
    const std::string& url() const { return url_; }

    ~Server() {
        if (child_ <= 0) return;
        ::close(input_);
        ::waitpid(child_, nullptr, 0);
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

  private:
    Server() {
        if (!std::filesystem::exists("/usr/lib/postgresql")) return;
        std::array<int, 2> in{}, out{};
        if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) {
            throw std::runtime_error("no pipe");
        }
        child_ = ::fork();
        if (child_ == 0) {
            ::dup2(in[0], STDIN_FILENO);
            ::dup2(out[1], STDOUT_FILENO);
            ::execlp("python3", "python3", PATCHBAY_POSTGRES, nullptr);
            ::_exit(127);
        }
        ::close(in[0]);
        ::close(out[1]);
        input_ = in[1];
        char c = 0;
        while (::read(out[0], &c, 1) == 1 && c != '\n') url_ += c;
        ::close(out[0]);
        if (c != '\n') throw std::runtime_error("PostgreSQL does not start");
    }

    pid_t child_ = 0;
    int input_ = -1;
    std::string url_;
};

/// A store that nobody has used, and its directory; `address()` may be opened from SetUp() on. Without PostgreSQL its half
/// of the tests is skipped.
class StoreTest : public testing::TestWithParam<Kind> {
  protected:
    StoreTest() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "patchbay-store-XXXXXX").string();
        directory = mkdtemp(pattern.data());
    }
    ~StoreTest() override { std::filesystem::remove_all(directory); }
    void SetUp() override { renew(); }

    /// Another one.
    void renew() {
        static std::atomic<int> count{0};
        const std::string name = "store" + std::to_string(++count);
        if (GetParam() == Kind::sqlite) {
            address_ = Address(directory / (name + ".db"));
            return;
        }
        const std::string& url = Server::instance().url();
        if (url.empty()) GTEST_SKIP() << "PostgreSQL is not installed";
        address_ = Address::read(url + "&schema=" + name);
    }
    const Address& address() const { return address_; }
    Database database() const {
        auto opened = Database::open(address_);
        if (!opened) throw std::runtime_error(opened.error().text);
        return std::move(*opened);
    }
    /// Bytes as SQL has them.
    static std::string bytes(std::string_view hex) {
        return (GetParam() == Kind::sqlite ? "x'" : "'\\x") + std::string(hex) + "'";
    }

    std::filesystem::path directory;

  private:
    Address address_;
};

}  // namespace patchbay::store::test
