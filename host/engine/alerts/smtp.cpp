#include "engine/alerts/smtp.hpp"

#include <algorithm>
#include <cctype>
#include <utility>
#include <variant>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "contract/crypto/base64.hpp"
#include "engine/at_once.hpp"

namespace patchbay {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

// The dialog as RFC 5321 has it. Each step returns why it did not go well; empty: it did.
template <class Stream>
class Dialog {
  public:
    explicit Dialog(Stream& stream) : stream_(stream) {}

    asio::awaitable<std::string> greeting() { return reply('2', "does not greet"); }

    asio::awaitable<std::string> hello() {
        abilities_.clear();
        co_return co_await ask("EHLO patchbay\r\n", '2', "refuses EHLO");
    }

    // Behind its answer nothing may stand: it would be taken for what was said under TLS.
    asio::awaitable<std::string> start_tls() {
        if (!offers("STARTTLS")) co_return "it does not offer STARTTLS (SMTP_TLS)";
        std::string why = co_await ask("STARTTLS\r\n", '2', "refuses STARTTLS");
        if (why.empty() && !read_.empty()) why = "it speaks before TLS has begun";
        co_return why;
    }

    asio::awaitable<std::string> log_in(const MailSettings& server) {
        if (server.username.empty()) co_return "";
        const std::string& user = server.username;
        const std::string password(server.password.reveal());
        constexpr std::string_view kRefuses = "refuses the user name or the password";
        if (offers_login("PLAIN")) {
            const std::string both = '\0' + user + '\0' + password;
            co_return co_await ask("AUTH PLAIN " + base64(both) + "\r\n", '2', kRefuses, false);
        }
        if (!offers_login("LOGIN")) co_return "it offers neither AUTH PLAIN nor AUTH LOGIN";
        std::string why = co_await ask("AUTH LOGIN\r\n", '3', "refuses AUTH LOGIN");
        if (why.empty()) why = co_await ask(base64(user) + "\r\n", '3', kRefuses, false);
        if (why.empty()) why = co_await ask(base64(password) + "\r\n", '2', kRefuses, false);
        co_return why;
    }

    asio::awaitable<std::string> hand_in(const MailSettings& server, const Mail& mail) {
        std::string why =
            co_await ask("MAIL FROM:<" + server.sender + ">\r\n", '2', "refuses the sender");
        if (why.empty()) {
            why = co_await ask("RCPT TO:<" + mail.to + ">\r\n", '2', "refuses the recipient");
        }
        if (why.empty()) why = co_await ask("DATA\r\n", '3', "refuses DATA");
        if (why.empty()) why = co_await ask(mail.text + ".\r\n", '2', "refuses the mail");
        // It is taken; how the server says good-bye does not change that.
        if (why.empty()) co_await asio::async_write(stream_, asio::buffer("QUIT\r\n", 6), kTuple);
        co_return why;
    }

  private:
    asio::awaitable<std::string> ask(std::string words, char good, std::string_view refusal,
                                     bool tell = true) {
        auto [failed, size] = co_await asio::async_write(stream_, asio::buffer(words), kTuple);
        if (failed) co_return failed.message();
        co_return co_await reply(good, refusal, tell);
    }

    // "250-PIPELINING", ..., "250 STARTTLS": the last line has no dash. `tell`: its words go into the reason.
    asio::awaitable<std::string> reply(char good, std::string_view refusal, bool tell = true) {
        constexpr std::size_t kMostBytes = 64u << 10, kCode = 3;
        std::string line;
        std::size_t all = 0;
        do {
            auto [failed, size] = co_await asio::async_read_until(
                stream_, asio::dynamic_buffer(read_, kMostBytes), "\r\n", kTuple);
            if (failed) co_return failed.message();
            line = read_.substr(0, size - 2);
            read_.erase(0, size);
            all += size;
            if (line.size() < kCode || all > kMostBytes) co_return "it does not speak SMTP";
            if (line.size() > kCode) abilities_.push_back(line.substr(kCode + 1));
        } while (line.size() > kCode && line[kCode] == '-');
        if (line.front() == good) co_return "";
        co_return "it " + std::string(refusal) + ": " + shown(line, tell ? kMostShown : kCode);
    }

    static std::string shown(const std::string& line, std::size_t most) {
        std::string text = line.substr(0, most);
        std::replace_if(
            text.begin(), text.end(), [](unsigned char c) { return std::iscntrl(c) != 0; }, ' ');
        return text;
    }

    static std::string base64(std::string_view bytes) {
        std::string text;
        append_base64(text, bytes);
        return text;
    }

    static bool same_word(std::string_view a, std::string_view b) {
        return std::equal(
            a.begin(), a.end(), b.begin(), b.end(),
            [](unsigned char x, unsigned char y) { return std::toupper(x) == std::toupper(y); });
    }
    // Has a line of the answer to EHLO this word first, and, if it is not empty, `another` behind it?
    bool has_line(std::string_view first, std::string_view another) const {
        for (std::string_view line : abilities_) {
            bool begun = false;
            while (!line.empty()) {
                const std::size_t end = std::min(line.find(' '), line.size());
                const std::string_view word = line.substr(0, end);
                line.remove_prefix(std::min(end + 1, line.size()));
                if (!begun && !same_word(word, first)) break;
                if (begun ? same_word(word, another) : another.empty()) return true;
                begun = true;
            }
        }
        return false;
    }
    bool offers(std::string_view ability) const { return has_line(ability, {}); }
    bool offers_login(std::string_view way) const { return has_line("AUTH", way); }

    static constexpr std::size_t kMostShown = 200;

    Stream& stream_;
    std::string read_;
    std::vector<std::string> abilities_;  ///< lines of the answer to EHLO, without their codes
};

class Delivery {
  public:
    Delivery(asio::io_context& io, http::TlsContexts& tls, const MailSettings& server,
             const Mail& mail)
        : tls_(tls), server_(server), mail_(mail), resolver_(io), socket_(io) {}

    asio::awaitable<std::string> run() {
        auto [unknown, found] =
            co_await resolver_.async_resolve(server_.host, std::to_string(server_.port), kTuple);
        if (unknown) co_return unknown.message();
        auto [failed, where] = co_await asio::async_connect(socket_, found, kTuple);
        if (failed) co_return "cannot connect: " + failed.message();
        if (server_.tls && server_.tls_first) co_return co_await secure();
        Dialog plain(socket_);
        std::string why = co_await plain.greeting();
        if (why.empty()) why = co_await plain.hello();
        if (why.empty() && server_.tls) {
            why = co_await plain.start_tls();
            if (why.empty()) co_return co_await secure();
        }
        if (why.empty()) why = co_await plain.log_in(server_);
        if (why.empty()) why = co_await plain.hand_in(server_, mail_);
        co_return why;
    }

  private:
    asio::awaitable<std::string> secure() {
        const auto context = tls_.get(true);
        if (!context) co_return context.error();
        asio::ssl::stream<tcp::socket&> stream(socket_, **context);
        http::TlsSession session;
        if (!http::prepare_handshake(stream.native_handle(), server_.host, true, session)) {
            co_return "its name is none";
        }
        // The protocol is no HTTP, and what is no protocol of theirs servers may refuse (RFC 7301).
        SSL_set_alpn_protos(stream.native_handle(), nullptr, 0);
        auto [refused] = co_await stream.async_handshake(asio::ssl::stream_base::client, kTuple);
        if (refused) {
            http::leave_session(stream.native_handle());
            co_return http::describe_handshake(stream.native_handle(), refused);
        }
        Dialog dialog(stream);
        std::string why;
        if (server_.tls_first) why = co_await dialog.greeting();
        if (why.empty()) why = co_await dialog.hello();
        if (why.empty()) why = co_await dialog.log_in(server_);
        if (why.empty()) why = co_await dialog.hand_in(server_, mail_);
        http::leave_session(stream.native_handle());
        co_return why;
    }

    http::TlsContexts& tls_;
    const MailSettings& server_;
    const Mail& mail_;
    tcp::resolver resolver_;
    tcp::socket socket_;
};

asio::awaitable<std::string> too_late(asio::io_context& io, std::chrono::milliseconds patience) {
    asio::steady_timer timer(io, patience);
    co_await timer.async_wait(kTuple);
    co_return "it does not answer in time";
}

}  // namespace

asio::awaitable<std::string> send_mail(asio::io_context& io, http::TlsContexts& tls,
                                       const MailSettings& server, const Mail& mail,
                                       std::chrono::milliseconds patience) {
    Delivery delivery(io, tls, server, mail);
    auto ended = co_await first_of(delivery.run(), too_late(io, patience));
    co_return std::visit([](std::string& why) { return std::move(why); }, ended);
}

}  // namespace patchbay
