#include "engine/alerts/smtp.hpp"

#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/http/scripted_server.hpp"
#include "engine/http/test_certificates.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using http::testing::Fixture;
using http::testing::Peer;
using http::testing::ScriptedServer;
using http::testing::TestCertificate;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
namespace asio = boost::asio;

constexpr const char* kMessage = "Subject: x\r\n\r\nSGVsbG8=\r\n";
constexpr const char* kSecret = "s3cret";

// What a server says, and what it was told. Its connections have it for as long as they are there.
struct Dialogue {
    std::vector<std::string> answers;
    TestCertificate* certificate;
    std::vector<std::string> lines;  ///< what the client said
    std::string protocol;            ///< that it wants to speak under TLS
};

void note_protocol(SSL* ssl, Dialogue& dialogue) {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl, &name, &size);
    dialogue.protocol.assign(reinterpret_cast<const char*>(name), size);
}

asio::awaitable<void> play(Peer& peer, std::shared_ptr<Dialogue> dialogue) {
    bool data = false;
    for (const std::string& answer : dialogue->answers) {
        co_await peer.send(answer + "\r\n");
        if (answer.starts_with("220 go")) {
            const bool ready = co_await peer.start_tls(dialogue->certificate->context());
            if (!ready) co_return;
            if (answer != "220 go") co_return;
            std::string hello = co_await peer.line();
            dialogue->lines.push_back(std::move(hello));
            continue;
        }
        if (peer.ssl() != nullptr) note_protocol(peer.ssl(), *dialogue);
        data = answer.starts_with("354");
        std::string line = co_await peer.line();
        while (data && line != ".") {
            dialogue->lines.push_back(std::move(line));
            line = co_await peer.line();
        }
        dialogue->lines.push_back(std::move(line));
    }
    co_await peer.closed();
}

// A server that says its answers one after the other, the first unasked; behind one that begins with "220 go" comes TLS.
class MailServer {
  public:
    MailServer(Fixture& loop, std::vector<std::string> answers, TestCertificate* certificate,
               bool tls_first = false)
        : dialogue_(std::make_shared<Dialogue>(Dialogue{std::move(answers), certificate, {}, {}})),
          server_(
              loop.io, [dialogue = dialogue_](Peer& peer, int) { return play(peer, dialogue); },
              tls_first ? &certificate->context() : nullptr) {
        settings.host = "localhost";
        settings.port = server_.port();
        settings.sender = "gateway@x.org";
        settings.tls = certificate != nullptr;
        settings.tls_first = tls_first;
    }

    MailSettings settings;
    const std::vector<std::string>& lines() const { return dialogue_->lines; }
    const std::string& protocol() const { return dialogue_->protocol; }

  private:
    std::shared_ptr<Dialogue> dialogue_;
    ScriptedServer server_;
};

struct SmtpTest : testing::Test {
    Fixture loop;
    TestCertificate certificate{"DNS:localhost"};
    const Mail mail{"ada@x.org", kMessage};

    std::string send(MailServer& server, std::chrono::milliseconds patience = 10s) {
        http::TlsContexts tls(certificate.file());
        return loop.run(send_mail(loop.io, tls, server.settings, mail, patience));
    }
};

TEST_F(SmtpTest, a_mail_is_handed_in_line_by_line) {
    MailServer server(loop,
                      {"220-welcome\r\n220 here", "250-hello\r\n250 SIZE 1000", "250 ok", "250 ok",
                       "354 go on", "250 taken"},
                      nullptr);
    EXPECT_EQ(send(server), "");
    EXPECT_THAT(server.lines(),
                ElementsAre("EHLO patchbay", "MAIL FROM:<gateway@x.org>", "RCPT TO:<ada@x.org>",
                            "DATA", "Subject: x", "", "SGVsbG8=", ".", "QUIT"));
}

TEST_F(SmtpTest, nothing_but_hello_is_said_before_tls) {
    MailServer server(loop,
                      {"220 here", "250-hello\r\n250 starttls", "220 go",
                       "250-again\r\n250-X\r\n250 auth login plain", "235 in", "250 ok", "250 ok",
                       "354 go on", "250 taken"},
                      &certificate);
    server.settings.username = "me";
    server.settings.password = Secret(kSecret);
    EXPECT_EQ(send(server), "");
    ASSERT_GE(server.lines().size(), 5u);
    EXPECT_EQ(server.lines()[0], "EHLO patchbay");
    EXPECT_EQ(server.lines()[1], "STARTTLS");
    EXPECT_EQ(server.lines()[2], "EHLO patchbay");
    EXPECT_EQ(server.lines()[3], "AUTH PLAIN AG1lAHMzY3JldA==");
    EXPECT_EQ(server.protocol(), "");
}

TEST_F(SmtpTest, tls_may_come_first_and_login_be_the_only_way) {
    MailServer server(loop,
                      {"220 here", "250 AUTH LOGIN", "334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6",
                       "235 in", "250 ok", "250 ok", "354 go on", "250 taken"},
                      &certificate, true);
    server.settings.username = "me";
    server.settings.password = Secret(kSecret);
    EXPECT_EQ(send(server), "");
    ASSERT_GE(server.lines().size(), 4u);
    EXPECT_THAT(std::vector(server.lines().begin(), server.lines().begin() + 4),
                ElementsAre("EHLO patchbay", "AUTH LOGIN", "bWU=", "czNjcmV0"));
}

TEST_F(SmtpTest, what_goes_wrong_is_said_without_the_password) {
    const struct {
        std::vector<std::string> answers;
        bool tls;
        const char* why;
    } cases[] = {
        {{"554 go away"}, false, "it does not greet: 554 go away"},
        {{"220 here", "502 what"}, false, "it refuses EHLO: 502 what"},
        {{"220 here", "250 AUTH CRAM-MD5"}, false, "it offers neither AUTH PLAIN nor AUTH LOGIN"},
        {{"220 here", "250 AUTH PLAIN", "535 AG1lAHMzY3JldA== s3cret"},
         false,
         "it refuses the user name or the password: 535"},
        {{"220 here", "250 AUTH PLAIN", "235 in", "550 no\tsuch sender"},
         false,
         "it refuses the sender: 550 no such sender"},
        {{"220 here", "250 AUTH PLAIN", "235 in", "250 ok", "550 nobody"},
         false,
         "it refuses the recipient: 550 nobody"},
        {{"220 here", "250 AUTH PLAIN", "235 in", "250 ok", "250 ok", "354 go on", "552 too much"},
         false,
         "it refuses the mail: 552 too much"},
        {{"220 here", "250 AUTH PLAIN"}, true, "it does not offer STARTTLS (SMTP_TLS)"},
        {{"220 here", "250 STARTTLS", "454 later"}, true, "it refuses STARTTLS: 454 later"},
        {{"220 here", "250 STARTTLS", "220 go\r\n250 injected"},
         true,
         "it speaks before TLS has begun"},
        {{"HTTP/1.1 400 Bad Request"}, false, "it does not greet: HTTP/1.1 400 Bad Request"},
        {{""}, false, "it does not speak SMTP"},
    };
    for (const auto& [answers, tls, why] : cases) {
        MailServer server(loop, answers, tls ? &certificate : nullptr);
        server.settings.username = "me";
        server.settings.password = Secret(kSecret);
        const std::string told = send(server);
        EXPECT_EQ(told, why);
        EXPECT_THAT(told, Not(HasSubstr(kSecret)));
    }
}

TEST_F(SmtpTest, a_server_with_anothers_certificate_is_told_nothing) {
    TestCertificate others{"DNS:elsewhere"};
    MailServer server(loop, {"220 here"}, &others, true);
    EXPECT_NE(send(server), "");
    EXPECT_TRUE(server.lines().empty());
}

TEST_F(SmtpTest, a_server_that_does_not_answer_is_left) {
    MailServer server(loop, {"220 here", "250 hello"}, nullptr);
    EXPECT_EQ(send(server, 50ms), "it does not answer in time");
    MailServer gone(loop, {}, nullptr);
    gone.settings.port = 1;
    EXPECT_THAT(send(gone), HasSubstr("cannot connect"));
}

TEST_F(SmtpTest, lines_without_an_end_are_bounded) {
    MailServer server(loop, {"220 " + std::string(100'000, 'x')}, nullptr);
    EXPECT_NE(send(server), "");
    std::string many;
    for (int i = 0; i < 10'000; ++i) many += "250-AUTH PLAIN\r\n";
    MailServer talks(loop, {"220 here", many + "250 end"}, nullptr);
    EXPECT_EQ(send(talks), "it does not speak SMTP");
}

}  // namespace
}  // namespace patchbay
