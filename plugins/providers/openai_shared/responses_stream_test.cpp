#include "responses_stream.hpp"

#include <gtest/gtest.h>

#include "responses_client.hpp"

namespace patchbay::openai {
namespace {

TEST(ResponsesAnswer, of_two_calls_that_come_in_turns_keeps_them_apart) {
    Client client(false);
    const auto added = [&](std::size_t i, const char* id, const char* name) {
        client.feed({{"type", "response.output_item.added"},
                     {"output_index", i},
                     {"item", {{"type", "function_call"}, {"call_id", id}, {"name", name}}}});
    };
    const auto delta = [&](std::size_t i, const char* piece) {
        client.feed({{"type", "response.function_call_arguments.delta"},
                     {"output_index", i},
                     {"delta", piece}});
    };
    added(1, "a", "f");
    added(2, "b", "g");
    delta(1, "{\"x\"");
    delta(2, "{\"y\"");
    delta(1, ":1}");
    delta(2, ":2}");
    const auto heard = client.hear(json::parse(response("[]")).as_object(),
                                   {.deltas = false, .dones = false, .all = true});
    EXPECT_EQ(heard.at("tool_calls"), json::parse(R"([
        {"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},
        {"id":"b","type":"function","function":{"name":"g","arguments":"{\"y\":2}"}}])"));
}

// Some servers count other items in the end than on the way, or give an item a new id each time.
TEST(ResponsesAnswer, tells_an_item_once_whatever_its_number_and_its_id) {
    struct Names {
        std::size_t index;
        const char* id;
    };
    const Names rows[] = {{0, "msg_1"}, {1, "msg_other"}, {1, ""}, {1, "msg_1"}};
    const auto last = json::parse(response(
        R"([{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Hm."}]},
            {"type":"message","id":"msg_1","content":[{"type":"output_text","text":"51"}]}])"));
    for (const Names& row : rows) {
        Client client(false);
        client.feed({{"type", "response.output_item.added"},
                     {"output_index", row.index},
                     {"item", {{"type", "message"}, {"id", row.id}}}});
        client.feed({{"type", "response.output_text.delta"},
                     {"output_index", row.index},
                     {"item_id", row.id},
                     {"delta", "51"}});
        const auto heard =
            client.hear(last.as_object(), {.deltas = false, .dones = false, .all = true});
        EXPECT_EQ(heard.at("content"), "51") << row.index << row.id;
        EXPECT_EQ(heard.at("reasoning_content"), "Hm.") << row.index << row.id;
    }
}

TEST(ResponsesStream, fails_with_the_words_of_the_provider) {
    struct Failed {
        const char* name;
        const char* data;
        const char* error;
    };
    const Failed rows[] = {
        {"", R"({"type":"error","code":"rate_limit_exceeded","message":"slow","param":null})",
         R"({"error":{"code":"rate_limit_exceeded","message":"slow"}})"},
        {"error", R"({"code":"c","message":"slow"})", R"({"error":{"code":"c","message":"slow"}})"},
        {"", R"({"error":{"type":"server_error","message":"x"}})",
         R"({"error":{"type":"server_error","message":"x"}})"},
        {"",
         R"({"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"x"}}})",
         R"({"error":{"code":"server_error","message":"x"}})"},
        {"", R"({"type":"response.failed","response":{"status":"failed","error":null}})",
         R"({"error":{"message":"the provider gave the answer up, and does not say why"}})"},
        {"",
         R"({"type":"response.completed","response":{"status":"failed","error":{"message":"x"}}})",
         R"({"error":{"message":"x"}})"},
    };
    for (const Failed& row : rows) {
        ResponsesStream stream(context(), true);
        std::vector<std::string> chunks;
        EXPECT_EQ(stream.feed(row.name, row.data, chunks), ResponsesStream::State::failed)
            << row.data;
        EXPECT_EQ(json::parse(stream.error()), json::parse(row.error)) << row.data;
        EXPECT_TRUE(chunks.empty()) << row.data;
        EXPECT_FALSE(stream.ended());
    }
}

TEST(ResponsesStream, passes_over_what_it_does_not_know_and_stops_at_what_is_none) {
    ResponsesStream stream(context(), true);
    std::vector<std::string> chunks;
    for (const char* data :
         {R"({"type":"response.queued","response":{"status":"queued"}})", R"({"type":"keepalive"})",
          R"({"type":"response.web_search_call.searching","output_index":0})", R"({})",
          R"({"type":"response.output_text.delta","output_index":0,"delta":""})",
          R"({"type":"response.function_call_arguments.delta","output_index":5,"delta":"{"})",
          R"({"type":"response.output_item.done","output_index":7})"}) {
        EXPECT_EQ(stream.feed("", data, chunks), ResponsesStream::State::going_on) << data;
    }
    EXPECT_TRUE(chunks.empty());
    EXPECT_EQ(stream.feed("", "[1]", chunks), ResponsesStream::State::unreadable);
    EXPECT_EQ(stream.feed("", "{", chunks), ResponsesStream::State::unreadable);
}

}  // namespace
}  // namespace patchbay::openai
