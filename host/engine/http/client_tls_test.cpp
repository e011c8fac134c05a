// TLS and tunnels through a proxy.
#include <gtest/gtest.h>

#include "engine/http/scripted_server.hpp"
#include "engine/http/test_certificates.hpp"

namespace patchbay::http::testing {
namespace {

constexpr const char* kClose =
    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";

ClientOptions trusting(const TestCertificate& certificate) {
    return {.ca_file = certificate.file()};
}

void expect_refused(const Outcome& outcome, std::string_view why) {
    ASSERT_TRUE(outcome.failure);
    EXPECT_EQ(outcome.failure->kind, FailureKind::connect);
    EXPECT_NE(outcome.failure->text.find(why), std::string::npos) << outcome.failure->text;
}

TEST(ClientTls, ReusesAVerifiedConnection) {
    TestCertificate certificate("DNS:localhost,IP:127.0.0.1");
    Fixture loop(trusting(certificate));
    ScriptedServer server(loop.io, always(kOk), &certificate.context());
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(loop.fetch(server.url("/", "localhost")).body, "ok");
    }
    EXPECT_EQ(server.accepted(), 1);
    EXPECT_EQ(loop.fetch(server.url()).body, "ok");
}

TEST(ClientTls, NamesTheServerAndTheProtocol) {
    TestCertificate certificate("DNS:localhost,IP:127.0.0.1");
    Fixture loop(trusting(certificate));
    std::vector<std::string> names;
    ScriptedServer server(
        loop.io,
        [&](Peer& peer, int) -> asio::awaitable<void> {
            const char* const name = SSL_get_servername(peer.ssl(), TLSEXT_NAMETYPE_host_name);
            names.emplace_back(name == nullptr ? "" : name);
            EXPECT_GE(SSL_version(peer.ssl()), TLS1_2_VERSION);
            co_await peer.request();
            co_await peer.send(kClose);
        },
        &certificate.context());
    loop.fetch(server.url("/", "localhost"));
    loop.fetch(server.url());
    EXPECT_EQ(names, (std::vector<std::string>{"localhost", ""}));
}

TEST(ClientTls, RefusesAnotherName) {
    TestCertificate certificate("DNS:other.example,IP:127.0.0.2");
    Fixture loop(trusting(certificate));
    ScriptedServer server(loop.io, always(kOk), &certificate.context());
    expect_refused(loop.fetch(server.url("/", "localhost")), "hostname mismatch");
    expect_refused(loop.fetch(server.url()), "IP address mismatch");
    EXPECT_EQ(loop.client->open_connections() + loop.client->idle_connections(), 0u);
}

TEST(ClientTls, RefusesAnUnknownAuthorityUnlessToldNotToVerify) {
    TestCertificate certificate("DNS:localhost");
    TestCertificate stranger("DNS:localhost");
    Fixture loop(trusting(stranger));
    ScriptedServer server(loop.io, always(kOk), &certificate.context());
    const std::string url = server.url("/", "localhost");
    EXPECT_EQ(loop.fetch(url, {.verify_tls = false}).body, "ok");
    expect_refused(loop.fetch(url), "certificate refused");
}

TEST(ClientTls, SystemCertificatesDoNotKnowTheTestServer) {
    TestCertificate certificate("DNS:localhost");
    Fixture loop;
    ScriptedServer server(loop.io, always(kOk), &certificate.context());
    expect_refused(loop.fetch(server.url("/", "localhost")), "certificate refused");
}

TEST(ClientTls, TrustsSslCertFile) {
    TestCertificate certificate("DNS:localhost");
    setenv("SSL_CERT_FILE", certificate.file().c_str(), 1);
    const ClientOptions options = client_options_from_environment();
    unsetenv("SSL_CERT_FILE");
    Fixture loop({.ca_file = options.ca_file});
    ScriptedServer server(loop.io, always(kOk), &certificate.context());
    EXPECT_EQ(loop.fetch(server.url("/", "localhost")).body, "ok");
}

TEST(ClientTls, SaysThatTheCertificateFileIsMissing) {
    TestCertificate certificate("DNS:localhost");
    Fixture loop({.ca_file = "/nonexistent/ca.pem"});
    ScriptedServer server(loop.io, always(kOk), &certificate.context());
    expect_refused(loop.fetch(server.url("/", "localhost")), "/nonexistent/ca.pem");
}

TEST(ClientTls, RefusesOldProtocols) {
    TestCertificate certificate("DNS:localhost");
    SSL_CTX_set_min_proto_version(certificate.context().native_handle(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(certificate.context().native_handle(), TLS1_1_VERSION);
    Fixture loop(trusting(certificate));
    ScriptedServer server(loop.io, always(kOk), &certificate.context());
    expect_refused(loop.fetch(server.url("/", "localhost")), "TLS handshake with localhost");
}

TEST(ClientTls, ResumesTheSessionOfAnEarlierConnection) {
    TestCertificate certificate("DNS:localhost");
    SSL_CTX_set_session_id_context(certificate.context().native_handle(),
                                   reinterpret_cast<const unsigned char*>("t"), 1);
    Fixture loop(trusting(certificate));
    std::vector<int> reused;
    ScriptedServer server(
        loop.io,
        [&](Peer& peer, int) -> asio::awaitable<void> {
            reused.push_back(SSL_session_reused(peer.ssl()));
            co_await peer.request();
            co_await peer.send(kClose);
        },
        &certificate.context());
    loop.fetch(server.url("/", "localhost"));
    loop.fetch(server.url("/", "localhost"));
    EXPECT_EQ(reused, (std::vector<int>{0, 1}));
}

TEST(ClientTls, ATruncatedBodyIsAResetUnlessItsLengthIsKnown) {
    TestCertificate certificate("DNS:localhost");
    Fixture loop(trusting(certificate));
    const auto play = [&](std::string answer, bool in_order) {
        ScriptedServer server(
            loop.io,
            [=](Peer& peer, int) -> asio::awaitable<void> {
                co_await peer.request();
                co_await peer.send(answer);
                if (in_order) co_await peer.shut_down();
            },
            &certificate.context());
        return loop.fetch(server.url("/", "localhost"));
    };
    const Outcome cut = play("HTTP/1.1 200 OK\r\n\r\nabc", false);
    ASSERT_TRUE(cut.failure);
    EXPECT_EQ(cut.failure->kind, FailureKind::reset);
    const Outcome whole = play("HTTP/1.1 200 OK\r\n\r\nabc", true);
    EXPECT_FALSE(whole.failure);
    EXPECT_EQ(whole.body, "abc");
    const Outcome counted = play(kOk, false);
    EXPECT_FALSE(counted.failure);
    EXPECT_EQ(counted.body, "ok");
}

TEST(ClientTls, CarriesLargeBodiesBothWays) {
    TestCertificate certificate("DNS:localhost");
    Fixture loop(trusting(certificate));
    std::string seen;
    const std::string large(500'000, 'y');
    ScriptedServer server(
        loop.io,
        [&](Peer& peer, int) -> asio::awaitable<void> {
            seen = co_await peer.request();
            co_await peer.send("HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n" + large);
        },
        &certificate.context());
    const std::string body(400'000, 'x');
    EXPECT_EQ(loop.fetch(server.url("/", "localhost"), {.body = body}).body, large);
    EXPECT_TRUE(seen.ends_with("\r\n\r\n" + body));
}

TEST(ClientTunnel, ConnectsThroughTheProxy) {
    TestCertificate certificate("DNS:upstream.invalid");
    Fixture loop;
    std::string connect;
    std::string request;
    ScriptedServer proxy(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        connect = co_await peer.request();
        co_await peer.send("HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n");
        const bool ready = co_await peer.start_tls(certificate.context());
        EXPECT_TRUE(ready);
        for (request = co_await peer.request(); !request.empty();) {
            co_await peer.send(kOk);
            const std::string next = co_await peer.request();
            if (next.empty()) break;
        }
    });
    loop.open({.https_proxy = "http://u:p@127.0.0.1:" + std::to_string(proxy.port()),
               .ca_file = certificate.file()});
    EXPECT_EQ(loop.fetch("https://upstream.invalid/v1").body, "ok");
    EXPECT_EQ(loop.fetch("https://upstream.invalid/v1").body, "ok");
    EXPECT_EQ(proxy.accepted(), 1);
    EXPECT_EQ(connect,
              "CONNECT upstream.invalid:443 HTTP/1.1\r\nHost: upstream.invalid:443\r\n"
              "Proxy-Authorization: Basic dTpw\r\n\r\n");
    EXPECT_TRUE(request.starts_with("POST /v1 HTTP/1.1\r\nHost: upstream.invalid\r\n")) << request;
    EXPECT_EQ(request.find("Proxy-Authorization"), std::string::npos);
}

TEST(ClientTunnel, SaysWhyThereIsNone) {
    Fixture loop;
    const auto play = [&](std::string answer) {
        ScriptedServer proxy(loop.io, [=](Peer& peer, int) -> asio::awaitable<void> {
            co_await peer.request();
            co_await peer.send(answer);
        });
        loop.open({.https_proxy = "http://u:secret@127.0.0.1:" + std::to_string(proxy.port())});
        return loop.fetch("https://upstream.invalid/v1");
    };
    expect_refused(play("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"), "status 407");
    expect_refused(play(""), "proxy closed the connection");
    expect_refused(play("nonsense\r\n\r\n"), "proxy answered CONNECT badly");
    expect_refused(play("HTTP/1.1 200 OK\r\n\r\nextra"), "bytes of its own");
    loop.open({.https_proxy = "socks5://u:secret@127.0.0.1:1"});
    const Outcome outcome = loop.fetch("https://upstream.invalid/v1");
    expect_refused(outcome, "https_proxy");
    EXPECT_EQ(outcome.failure->text.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace patchbay::http::testing
