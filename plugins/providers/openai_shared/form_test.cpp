#include "form.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "patchbay/sdk/host.hpp"

namespace patchbay::openai {
namespace {

/// A host whose random numbers are all zero.
void install_host() {
    static bay_host host{};
    host.size = sizeof host;
    host.random = [](const bay_host*, void* to, std::size_t size) noexcept {
        std::fill_n(static_cast<char*>(to), size, '\0');
    };
    bay::Host::raw() = &host;
}

bay_part part(std::string_view name, std::string_view data, std::uint64_t blob) {
    bay_part made{};
    made.name = bay::str(name);
    made.data = bay::str(data);
    made.blob = blob;
    made.length = data.size();
    return made;
}

/// What a form sends: text as it is, blobs as "<N>".
struct Sent {
    std::string body;
    std::optional<Refusal> refusal;
};

Sent send(const std::vector<bay_part>& parts, std::string_view model, const Dialect& dialect = {},
          const OperationRule* rule = nullptr, std::uint32_t flags = 0,
          const std::vector<std::pair<std::string, std::string>>& ours = {}) {
    install_host();
    bay_target target{};
    target.size = sizeof target;
    target.model = bay::str(model);
    bay_ev_request request{};
    request.h = {sizeof request, BAY_EV_REQUEST};
    request.flags = flags;
    request.target = &target;
    request.parts = parts.data();
    request.part_count = parts.size();
    Form form(request);
    for (const auto& [name, text] : ours) form.add(name, text);
    EXPECT_EQ(form.content_type(),
              "multipart/form-data; boundary=00000000000000000000000000000000");
    bay::HttpRequest call("POST", "https://x/y");
    Sent sent;
    sent.refusal = form.write(dialect, rule, call);
    bay_out out{};
    out.size = sizeof out;
    out.ctx = &sent.body;
    out.http = [](bay_out* o, const bay_http_req* made) noexcept -> bay_status {
        auto& text = *static_cast<std::string*>(o->ctx);
        for (std::uint64_t i = 0; i < made->body_count; ++i) {
            const bay_seg& seg = made->body[i];
            if (seg.kind == BAY_SEG_BYTES) text += bay::sv(seg.bytes);
            if (seg.kind == BAY_SEG_BLOB) {
                text += "<" + std::to_string(seg.blob) + ":" + std::to_string(seg.len) + ">";
            }
        }
        return BAY_OK;
    };
    EXPECT_EQ(call.send(bay::Out(&out)), BAY_OK);
    return sent;
}

const std::string kLine = "--00000000000000000000000000000000";

TEST(Form, PartsKeepTheirOrderAndFilesPassAsBlobs) {
    bay_part file = part("file", "RIFF", 2);
    file.filename = bay::str("a \"b\"\r\n.wav");
    file.content_type = bay::str("audio/wav");
    const Sent sent =
        send({part("model", "mine", 1), file, part("language", "en", 3)}, "whisper-1");
    EXPECT_FALSE(sent.refusal);
    EXPECT_EQ(sent.body,
              kLine + "\r\ncontent-disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n" +
                  kLine +
                  "\r\ncontent-disposition: form-data; name=\"file\"; "
                  "filename=\"a %22b%22%0D%0A.wav\"\r\ncontent-type: audio/wav\r\n\r\n<2:4>\r\n" +
                  kLine + "\r\ncontent-disposition: form-data; name=\"language\"\r\n\r\n<3:2>\r\n" +
                  kLine + "--\r\n");
}

TEST(Form, AMissingModelIsAddedAndAnEmptyPartStaysEmpty) {
    const Sent sent = send({part("prompt", "", 1)}, "m");
    EXPECT_EQ(sent.body, kLine + "\r\ncontent-disposition: form-data; name=\"prompt\"\r\n\r\n\r\n" +
                             kLine +
                             "\r\ncontent-disposition: form-data; name=\"model\"\r\n\r\nm\r\n" +
                             kLine + "--\r\n");
}

TEST(Form, PartsOfOursStandBehindTheClientsAndInTheirPlace) {
    const Sent sent = send({part("project", "theirs", 1), part("model", "mine", 2)}, "m", {},
                           nullptr, 0, {{"project", "ours"}});
    EXPECT_EQ(sent.body,
              kLine + "\r\ncontent-disposition: form-data; name=\"model\"\r\n\r\nm\r\n" + kLine +
                  "\r\ncontent-disposition: form-data; name=\"project\"\r\n\r\nours\r\n" + kLine +
                  "--\r\n");
}

TEST(Form, UnsupportedPartsAreRefusedOrLeftOut) {
    Dialect dialect;
    dialect.provider = "acme";
    const OperationRule rule{"audio.transcriptions", {}, {"language"}};
    const std::vector<bay_part> parts{part("language", "en", 1)};
    const Sent refused = send(parts, "m", dialect, &rule);
    ASSERT_TRUE(refused.refusal);
    EXPECT_EQ(refused.refusal->param, "language");
    const Sent dropped = send(parts, "m", dialect, &rule, BAY_REQ_DROP_PARAMS);
    EXPECT_FALSE(dropped.refusal);
    EXPECT_EQ(dropped.body.find("language"), std::string::npos);
}

TEST(Form, KnowsWhichFormatsAreTexts) {
    for (const auto& [format, text] : {std::pair{"text", true},
                                       {"srt", true},
                                       {"vtt", true},
                                       {"json", false},
                                       {"verbose_json", false}}) {
        const std::vector<bay_part> parts{part("response_format", format, 1)};
        bay_ev_request request{};
        request.parts = parts.data();
        request.part_count = parts.size();
        EXPECT_EQ(asks_for_text(request), text) << format;
    }
    EXPECT_FALSE(asks_for_text(bay_ev_request{}));
}

}  // namespace
}  // namespace patchbay::openai
