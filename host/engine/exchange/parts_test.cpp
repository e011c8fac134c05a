// Multipart requests: what a plugin sees of their parts and how it sends them on.
#include <gmock/gmock.h>

#include "contract/actions/form_part.hpp"
#include "contract/framing/multipart.hpp"
#include "engine/exchange/exchange.hpp"
#include "engine/exchange/test_support.hpp"

namespace patchbay {
namespace {

using test::FixtureProvider;
using test::Peer;
using test::ScriptedServer;
using testing::ElementsAre;
using testing::IsEmpty;
namespace asio = boost::asio;

/// Answers with the body of the request.
asio::awaitable<void> echo(Peer& peer, int) {
    const std::string got = co_await peer.request();
    const std::string body = got.substr(got.find("\r\n\r\n") + 4);
    co_await peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " +
                       std::to_string(body.size()) + "\r\n\r\n" + body);
}

class PartsTest : public test::ExchangeTest {
  protected:
    void parse(std::string text) {
        body = std::move(text);
        auto parsed = http::parse_multipart(body, "b");
        ASSERT_TRUE(parsed) << parsed.error().text;
        form = std::move(*parsed);
    }
    /// A field, a file of `size` bytes, and an empty file.
    void parse_sample(std::size_t size) {
        file = std::string("\0\xFFwav", 5);
        file.resize(size, 'x');
        parse(
            "--b\r\nContent-Disposition: form-data; name=model\r\n\r\nwhisper\r\n"
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n"
            "Content-Type: audio/wav\r\n\r\n" +
            file +
            "\r\n--b\r\nContent-Disposition: form-data; name=e; "
            "filename=\"\"\r\n\r\n\r\n--b--\r\n");
    }
    std::optional<Error> upload(const FixtureProvider& fixture, std::string_view how) {
        sink.lines.clear();
        ScriptedServer server(loop.io, echo);
        const std::string url = server.url();
        ExchangeRequest r = request(url, how, false);
        r.body = body;
        r.parts = form.parts;
        return run(fixture, r);
    }

    std::string body;
    std::string file;
    http::MultipartForm form;
};

TEST_F(PartsTest, parts_are_sent_on_as_bytes_blobs_and_base64) {
    const FixtureProvider fixture("uploads_parts");
    parse_sample(7);
    const std::string shown = std::string("\0\xFFwavxx", 7);
    const struct {
        const char* how;
        std::string model, file, empty;
    } samples[] = {
        {"bytes", "whisper", shown, ""},
        {"blob", "whisper", shown, ""},
        {"base64", "d2hpc3Blcg==", "AP93YXZ4eA==", ""},
    };
    for (const auto& sample : samples) {
        ASSERT_FALSE(upload(fixture, sample.how)) << sample.how;
        EXPECT_THAT(sink.lines, ElementsAre("result 1 model|||7: " + sample.model +
                                            "\n2 file|a.wav|audio/wav|7 file: " + sample.file +
                                            "\n3 e|||0 file: " + sample.empty))
            << sample.how;
    }
}

TEST_F(PartsTest, the_whole_body_is_blob_0) {
    const FixtureProvider fixture("uploads_parts");
    parse_sample(7);
    ASSERT_FALSE(upload(fixture, "body"));
    EXPECT_THAT(sink.lines, ElementsAre("result " + body));
}

TEST_F(PartsTest, a_range_of_a_part_is_sent) {
    const FixtureProvider fixture("uploads_parts");
    parse(
        "--b\r\nContent-Disposition: form-data; name=n\r\n\r\n0123456789\r\n"
        "--b\r\nContent-Disposition: form-data; name=n\r\n\r\nabcde\r\n--b--");
    ASSERT_FALSE(upload(fixture, "range"));
    EXPECT_THAT(sink.lines, ElementsAre("result 1 n|||10: 1234MTIzNA==\n2 n|||5: bcdeYmNkZQ=="));
}

TEST_F(PartsTest, what_is_not_there_is_refused_at_the_call) {
    const FixtureProvider fixture("uploads_parts");
    parse_sample(7);
    for (const char* how : {"beyond", "no_such"}) {
        const auto error = upload(fixture, how);
        ASSERT_TRUE(error) << how;
        EXPECT_EQ(error->message, "invalid") << how;
    }
}

TEST_F(PartsTest, a_large_part_is_not_shown_but_sent) {
    const FixtureProvider fixture("uploads_parts");
    parse_sample(kMaxShownPart);
    ASSERT_FALSE(upload(fixture, "bytes"));
    ASSERT_EQ(sink.lines.size(), 1u);
    EXPECT_NE(sink.lines[0].find(file), std::string::npos);

    // Several slices of base64, the last of which is padded.
    parse_sample((5u << 20) + 1);
    ASSERT_FALSE(upload(fixture, "bytes"));
    ASSERT_EQ(sink.lines.size(), 1u);
    EXPECT_NE(sink.lines[0].find("5242881 file: (not shown)\n"), std::string::npos);
    ASSERT_FALSE(upload(fixture, "blob"));
    ASSERT_EQ(sink.lines.size(), 1u);
    EXPECT_NE(sink.lines[0].find(file), std::string::npos);
    ASSERT_FALSE(upload(fixture, "base64"));
    ASSERT_EQ(sink.lines.size(), 1u);
    std::string expected = "AP93YXZ4";
    for (std::size_t left = file.size() - 6; left >= 3; left -= 3) expected += "eHh4";
    expected += (file.size() % 3 == 1) ? "eA==" : (file.size() % 3 == 2) ? "eHg=" : "";
    EXPECT_NE(sink.lines[0].find("file: " + expected + "\n3 e"), std::string::npos);
}

}  // namespace
}  // namespace patchbay
