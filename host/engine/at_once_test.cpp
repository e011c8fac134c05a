#include "engine/at_once.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

namespace patchbay {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using boost::system::system_error;

/// Who must be gone when what it was awaited in is over.
class Guest {
  public:
    explicit Guest(int& there) : there_(there) { ++there_; }
    ~Guest() { --there_; }
    Guest(const Guest&) = delete;
    Guest& operator=(const Guest&) = delete;

  private:
    int& there_;
};

struct AtOnce : testing::Test {
    asio::io_context io;
    asio::cancellation_signal leave;
    int there = 0;  ///< of those that are awaited

    asio::awaitable<std::string> value(std::string text) {
        const Guest guest(there);
        co_await asio::post(io, asio::use_awaitable);
        co_return text;
    }
    asio::awaitable<void> nothing() {
        const Guest guest(there);
        co_await asio::post(io, asio::use_awaitable);
    }
    asio::awaitable<std::string> fails(std::string why) {
        const Guest guest(there);
        co_await asio::post(io, asio::use_awaitable);
        throw std::runtime_error(why);
    }
    asio::awaitable<void> fails_at_once() {
        const Guest guest(there);
        throw std::runtime_error("at once");
        co_return;
    }
    /// Until it is cancelled, which it throws.
    asio::awaitable<void> for_ever() {
        const Guest guest(there);
        asio::steady_timer timer(io, asio::steady_timer::time_point::max());
        co_await timer.async_wait(asio::use_awaitable);
    }
    /// Until it is cancelled, which it takes for its end.
    asio::awaitable<void> for_ever_in_peace() {
        const Guest guest(there);
        asio::steady_timer timer(io, asio::steady_timer::time_point::max());
        co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    /// Until it is cancelled, which makes it fail.
    asio::awaitable<void> for_ever_and_fails() {
        co_await for_ever_in_peace();
        throw std::runtime_error("too late");
    }

    /// What it came to: its value, "nothing", what it threw, "cancelled", or that it hangs. Nobody it awaited is left.
    template <class T>
    std::string run(asio::awaitable<T> what) {
        io.restart();
        std::optional<std::string> told;
        const auto tell = [&](std::exception_ptr failed, std::string text) {
            EXPECT_EQ(there, 0);
            try {
                if (failed) std::rethrow_exception(failed);
            } catch (const system_error& e) {
                text = e.code() == asio::error::operation_aborted ? "cancelled" : e.what();
            } catch (const std::exception& e) {
                text = e.what();
            }
            told = std::move(text);
        };
        if constexpr (std::is_void_v<T>) {
            asio::co_spawn(
                io, std::move(what),
                asio::bind_cancellation_slot(
                    leave.slot(), [&](std::exception_ptr failed) { tell(failed, "nothing"); }));
        } else {
            asio::co_spawn(
                io, std::move(what),
                asio::bind_cancellation_slot(leave.slot(), [&](std::exception_ptr failed, T ended) {
                    tell(failed, text_of(ended));
                }));
        }
        io.run_for(10s);
        if (!told) io.stop();
        return told.value_or("hangs");
    }
    static std::string text_of(std::monostate) { return "nothing"; }
    static std::string text_of(const std::string& text) { return text; }
    template <class... T>
    static std::string text_of(const std::variant<T...>& ended) {
        return std::to_string(ended.index()) + " " +
               std::visit([](const auto& one) { return text_of(one); }, ended);
    }
    /// When all that can be done without it is done.
    void leave_soon() {
        asio::post(io, [this] {
            asio::post(io, [this] { leave.emit(asio::cancellation_type::terminal); });
        });
    }
};

TEST_F(AtOnce, the_first_value_ends_the_other) {
    EXPECT_EQ(run(first_of(value("a"), for_ever())), "0 a");
    EXPECT_EQ(run(first_of(for_ever(), value("b"))), "1 b");
    EXPECT_EQ(run(first_of(nothing(), for_ever_in_peace())), "0 nothing");
    EXPECT_EQ(run(first_of(for_ever_in_peace(), nothing())), "1 nothing");
}

TEST_F(AtOnce, what_becomes_of_the_other_is_dropped) {
    EXPECT_EQ(run(first_of(value("a"), for_ever_and_fails())), "0 a");
    EXPECT_EQ(run(first_of(for_ever_and_fails(), value("b"))), "1 b");
}

TEST_F(AtOnce, an_exception_ends_the_other_and_is_thrown) {
    EXPECT_EQ(run(first_of(fails("a"), for_ever())), "a");
    EXPECT_EQ(run(first_of(for_ever(), fails("b"))), "b");
    EXPECT_EQ(run(first_of(fails("a"), for_ever_in_peace())), "a") << "whose end is no value then";
    EXPECT_EQ(run(first_of(for_ever_and_fails(), fails("b"))), "b");
    EXPECT_EQ(run(first_of(fails_at_once(), for_ever())), "at once");
    EXPECT_EQ(run(first_of(for_ever(), fails_at_once())), "at once");
    EXPECT_EQ(run(first_of(first_of(fails("a"), for_ever()), for_ever())), "a");
}

TEST_F(AtOnce, who_is_cancelled_cancels_both) {
    leave_soon();
    EXPECT_EQ(run(first_of(for_ever(), for_ever())), "cancelled");
    leave_soon();
    EXPECT_EQ(run(both_of(for_ever(), for_ever())), "cancelled");
    leave_soon();
    EXPECT_EQ(run(both_of(for_ever(), for_ever_in_peace())), "cancelled");
}

TEST_F(AtOnce, both_are_waited_for_unless_one_throws) {
    EXPECT_EQ(run(both_of(nothing(), nothing())), "nothing");
    EXPECT_EQ(run(both_of(fails_at_once(), for_ever())), "at once");
    EXPECT_EQ(run(both_of(for_ever(), fails_at_once())), "at once");
    EXPECT_EQ(run(both_of(nothing(), fails_at_once())), "at once");
    EXPECT_EQ(run(both_of(for_ever_and_fails(), fails_at_once())), "at once") << "it was the first";
}

}  // namespace
}  // namespace patchbay
