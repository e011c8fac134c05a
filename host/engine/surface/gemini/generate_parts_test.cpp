#include "engine/surface/gemini/generate_parts.hpp"

#include "engine/surface/gemini/test_support.hpp"

namespace patchbay::surface {

namespace {

using namespace test;

TEST(GenerateParts, BecomePartsOfChat) {
    const struct {
        const char* what;
        const char* part;
        const char* expected;
        Dropped dropped{};
    } cases[] = {
        {"an image", R"({"inlineData":{"mimeType":"image/png","data":"AA+/"}})",
         R"({"type":"image_url","image_url":{"url":"data:image/png;base64,AA+/"}})"},
        {"in the alphabet of URLs, unpadded",
         R"({"inline_data":{"mime_type":"Image/PNG; q=1","data":"AA-_AA"}})",
         R"({"type":"image_url","image_url":{"url":"data:image/png;base64,AA+/AA=="}})"},
        {"how closely",
         R"({"inlineData":{"mimeType":"image/png","data":"AAAA"},
             "mediaResolution":{"level":"MEDIA_RESOLUTION_LOW"}})",
         R"({"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}})"},
        {"sound", R"({"inlineData":{"mimeType":"audio/mpeg","data":"AAAA"}})",
         R"({"type":"input_audio","input_audio":{"data":"AAAA","format":"mp3"}})"},
        {"a document",
         R"({"inlineData":{"mimeType":"application/pdf","data":"AAAA","displayName":"a.pdf"}})",
         R"({"type":"file","file":{"file_data":"data:application/pdf;base64,AAAA","filename":"a.pdf"}})"},
        {"a document without a name",
         R"({"inlineData":{"mimeType":"application/pdf","data":"AAAA"}})",
         R"({"type":"file","file":{"file_data":"data:application/pdf;base64,AAAA","filename":"document.pdf"}})"},
        {"text", R"({"inlineData":{"mimeType":"text/csv","data":"YSxi","displayName":"t.csv"}})",
         R"({"type":"text","text":"t.csv\na,b"})"},
        {"a link", R"({"fileData":{"fileUri":"https://example.org/a.JPG?x=1"}})",
         R"({"type":"image_url","image_url":{"url":"https://example.org/a.JPG?x=1"}})"},
        {"a link to a document",
         R"({"file_data":{"file_uri":"https://example.org/a","mime_type":"application/pdf"}})",
         R"({"type":"file","file":{"file_id":"https://example.org/a","format":"application/pdf"}})"},
        {"metadata of a video",
         R"({"text":"a","videoMetadata":{"fps":1}})",
         R"({"type":"text","text":"a"})",
         {"contents.parts.videoMetadata"}},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        const auto chat = chat_of(with_user_parts(std::string(c.part) + R"(,{"text":"b"})"));
        ASSERT_TRUE(chat) << chat.error().message;
        EXPECT_EQ(chat_member(*chat, "messages"),
                  tidy(R"([{"role":"user","content":[)" + std::string(c.expected) +
                       R"(,{"type":"text","text":"b"}]}])"));
        EXPECT_EQ(chat->dropped, c.dropped);
    }
}

TEST(GenerateParts, TheWholeRequestSaysHowCloselyToLook) {
    const auto chat = chat_of(
        R"({"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}],
            "generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_HIGH"}})");
    ASSERT_TRUE(chat);
    EXPECT_EQ(chat_member(*chat, "messages"),
              tidy(R"([{"role":"user","content":[{"type":"image_url",
                  "image_url":{"url":"data:image/png;base64,AAAA","detail":"high"}}]}])"));
}

}  // namespace

}  // namespace patchbay::surface
