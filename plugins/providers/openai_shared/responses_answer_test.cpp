// Whole answers and streams: what a client has of one is what it has of the other, whichever of its
// three ways of saying everything a server leaves out.
#include "responses_answer.hpp"

#include <gtest/gtest.h>

#include "envelope/envelope.hpp"
#include "responses_stream.hpp"

namespace patchbay::openai {
namespace {

ChatAnswerContext context(bool functions = false) {
    return {.model = "gpt-5", .created = 7, .own_id = "chatcmpl-own", .functions = functions};
}

std::string sealed() {
    return shared::sealed(shared::kOfResponses, "gAAA");
}

/// A response with these items.
std::string response(const std::string& output,
                     const std::string& more = R"("status":"completed")") {
    return R"({"id":"resp_1","object":"response","created_at":5,"model":"gpt-5-pro","error":null,)" +
           more + R"(,"usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":2},
           "output_tokens":4,"output_tokens_details":{"reasoning_tokens":1},"total_tokens":13},
           "output":)" +
           output + "}";
}

json::object whole(const std::string& text, bool functions = false) {
    const auto tree = json::parse(text);
    const auto answer = chat_of_response(tree.as_object(), context(functions));
    EXPECT_TRUE(answer) << text;
    return answer ? json::parse(answer->json).as_object() : json::object();
}

/// What of its three ways of saying everything a server uses.
struct Server {
    bool deltas, dones, all;
};

/// Feeds the events in which a server tells the response; gives what a client joins.
class Client {
  public:
    explicit Client(bool functions) : stream_(context(functions), true) {}

    ResponsesStream::State feed(const json::value& event) {
        chunks_.clear();
        const auto state = stream_.feed("", json::serialize(event), chunks_);
        for (const auto& chunk : chunks_) take(json::parse(chunk).as_object());
        return state;
    }

    json::object hear(const json::object& response, const Server& server) {
        json::object begun = response;
        begun["output"] = json::array();
        begun["status"] = "in_progress";
        const auto before = chunks_heard_;
        feed({{"type", "response.created"}, {"response", begun}});
        EXPECT_EQ(chunks_heard_, before) << "nothing is shown before something is said";
        const auto& output = response.at("output").as_array();
        for (std::size_t i = 0; i < output.size(); ++i) {
            const auto& item = output[i].as_object();
            if (server.deltas) tell(item, i);
            if (server.dones) {
                feed({{"type", "response.output_item.done"}, {"output_index", i}, {"item", item}});
            }
        }
        json::object last = response;
        if (!server.all) last["output"] = json::array();
        const std::string type = "response." + std::string(last.at("status").as_string());
        EXPECT_EQ(feed({{"type", type}, {"response", last}}), ResponsesStream::State::ended);
        EXPECT_EQ(feed({{"type", type}, {"response", last}}), ResponsesStream::State::ended);
        return answer_;
    }

  private:
    /// In pieces of two characters where the API has deltas.
    void pieces(std::string_view words, json::object event) {
        std::size_t characters = 0;
        std::string piece;
        for (std::size_t at = 0; at < words.size(); ++at) {
            if ((words[at] & 0xc0) != 0x80 && characters++ % 2 == 0 && at > 0) {
                event["delta"] = std::exchange(piece, {});
                feed(event);
            }
            piece += words[at];
        }
        if (piece.empty()) return;
        event["delta"] = piece;
        feed(event);
    }

    void tell(const json::object& item, std::size_t i) {
        const auto type = text(item, "type");
        json::object begun = item;
        for (const std::string_view name : {"arguments", "input"}) {
            if (begun.contains(name)) begun[name] = "";
        }
        for (const std::string_view name : {"content", "summary"}) {
            if (begun.contains(name)) begun[name] = json::array();
        }
        begun.erase("encrypted_content");
        begun.erase("result");
        feed({{"type", "response.output_item.added"}, {"output_index", i}, {"item", begun}});
        if (is_call(type)) {
            const bool custom = type == "custom_tool_call";
            pieces(text(item, custom ? "input" : "arguments"),
                   json::object{{"type", custom ? "response.custom_tool_call_input.delta"
                                                : "response.function_call_arguments.delta"},
                                {"output_index", i}});
        }
        if (const auto* summary = find_array(item, "summary")) {
            for (const auto& part : *summary) {
                feed({{"type", "response.reasoning_summary_part.added"}, {"output_index", i}});
                pieces(text(part.as_object(), "text"),
                       json::object{{"type", "response.reasoning_summary_text.delta"},
                                    {"output_index", i}});
            }
        }
        const auto* content = find_array(item, "content");
        for (std::size_t n = 0; content && n < content->size(); ++n) {
            const auto& part = (*content)[n].as_object();
            const bool refusal = text(part, "type") == "refusal";
            const bool thought = text(part, "type") == "reasoning_text";
            json::object event{{"type", refusal   ? "response.refusal.delta"
                                        : thought ? "response.reasoning_text.delta"
                                                  : "response.output_text.delta"},
                               {"output_index", i},
                               {"content_index", n}};
            pieces(text(part, refusal ? "refusal" : "text"), event);
            const auto* annotations = find_array(part, "annotations");
            for (std::size_t a = 0; annotations && a < annotations->size(); ++a) {
                feed({{"type", "response.output_text.annotation.added"},
                      {"output_index", i},
                      {"content_index", n},
                      {"annotation_index", a},
                      {"annotation", (*annotations)[a]}});
            }
        }
    }

    void take(const json::object& chunk) {
        ++chunks_heard_;
        for (const std::string_view name : {"id", "created", "model", "service_tier", "usage"}) {
            if (const auto* value = chunk.if_contains(name)) answer_[name] = *value;
        }
        const auto& choices = chunk.at("choices").as_array();
        if (choices.empty()) return;
        const auto& choice = choices[0].as_object();
        EXPECT_EQ(choice.at("delta").as_object().contains("role"), chunks_heard_ == 1);
        if (!choice.at("finish_reason").is_null()) answer_["finish"] = choice.at("finish_reason");
        for (const auto& member : choice.at("delta").as_object()) {
            join(member.key(), member.value());
        }
    }

    void join(std::string_view name, const json::value& value) {
        if (name == "role") return;
        if (name == "tool_calls") {
            for (const auto& piece : value.as_array()) join_call(piece.as_object());
        } else if (name == "function_call") {
            merge(value.as_object(), answer_["function_call"]);
        } else if (value.is_string()) {
            if (!answer_.contains(name)) answer_[name] = "";
            answer_[name].as_string() += value.as_string();
        } else if (value.is_array()) {
            if (!answer_.contains(name)) answer_[name] = json::array();
            for (const auto& one : value.as_array()) answer_[name].as_array().push_back(one);
        } else {
            answer_[name] = value;
        }
    }

    void join_call(const json::object& piece) {
        if (!answer_.contains("tool_calls")) answer_["tool_calls"] = json::array();
        auto& calls = answer_["tool_calls"].as_array();
        const auto index = piece.at("index").to_number<std::size_t>();
        if (index == calls.size()) calls.emplace_back(json::object());
        ASSERT_LT(index, calls.size());
        merge(piece, calls[index]);
        calls[index].as_object().erase("index");
    }

    static void merge(const json::object& from, json::value& to) {
        if (!to.is_object()) to = json::object();
        for (const auto& member : from) {
            auto& target = to.as_object()[member.key()];
            if (member.value().is_object()) {
                merge(member.value().as_object(), target);
            } else if (target.is_string() && member.value().is_string()) {
                target.as_string() += member.value().as_string();
            } else {
                target = member.value();
            }
        }
    }

    ResponsesStream stream_;
    std::vector<std::string> chunks_;
    std::size_t chunks_heard_ = 0;
    json::object answer_;
};

/// A whole answer as Client joins a stream.
json::object flat(const json::object& answer) {
    json::object joined;
    for (const std::string_view name : {"id", "created", "model", "service_tier", "usage"}) {
        if (const auto* value = answer.if_contains(name)) joined[name] = *value;
    }
    const auto& choice = answer.at("choices").at(0).as_object();
    joined["finish"] = choice.at("finish_reason");
    for (const auto& member : choice.at("message").as_object()) {
        if (member.key() != "role" && !member.value().is_null()) {
            joined[member.key()] = member.value();
        }
    }
    return joined;
}

struct Row {
    const char* name;
    std::string output;
    std::string joined;  ///< without id, created, model and usage
    std::string more = R"("status":"completed")";
    bool functions = false;
};

const std::string kCall =
    R"({"type":"function_call","id":"fc_1","call_id":"a","name":"f","arguments":"{\"x\": 1}"})";

const Row kRows[] = {
    {"text",
     R"([{"type":"message","content":[{"type":"output_text","text":"Hello","annotations":[]}]}])",
     R"({"content":"Hello","finish":"stop"})"},
    {"nothing", "[]", R"({"finish":"stop"})"},
    {"refusal", R"([{"type":"message","content":[{"type":"refusal","refusal":"No."}]}])",
     R"({"refusal":"No.","finish":"stop"})"},
    {"thought", R"([{"type":"reasoning","id":"rs_1","encrypted_content":"gAAA","summary":[
        {"type":"summary_text","text":"One."},{"type":"summary_text","text":"Two."}]},
        {"type":"message","content":[{"type":"output_text","text":"4"}]}])",
     R"({"reasoning_content":"One.\n\nTwo.","content":"4","thinking_blocks":[
        {"type":"thinking","thinking":"One.\n\nTwo.","signature":")" +
         sealed() + R"("}],
        "finish":"stop"})"},
    {"sealed thought",
     R"([{"type":"reasoning","summary":[],"encrypted_content":"gAAA"},)" + kCall + "]",
     R"({"thinking_blocks":[{"type":"redacted_thinking","data":")" + sealed() + R"("}],
        "tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\": 1}"}}],
        "finish":"tool_calls"})"},
    {"open thought", R"([{"type":"reasoning","summary":[],"content":[
        {"type":"reasoning_text","text":"Hm."}]}])",
     R"({"reasoning_content":"Hm.","finish":"stop"})"},
    {"calls", "[" + kCall + R"(,{"type":"function_call","call_id":"b","name":"g","arguments":""},
        {"type":"custom_tool_call","call_id":"c","name":"h","input":"raw text"}])",
     R"({"tool_calls":[
        {"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\": 1}"}},
        {"id":"b","type":"function","function":{"name":"g","arguments":"{}"}},
        {"id":"c","type":"custom","custom":{"name":"h","input":"raw text"}}],"finish":"tool_calls"})"},
    {"older call", "[" + kCall + "]",
     R"({"function_call":{"name":"f","arguments":"{\"x\": 1}"},"finish":"function_call"})",
     R"("status":"completed")", true},
    {"too long", R"([{"type":"message","content":[{"type":"output_text","text":"He"}]}])",
     R"({"content":"He","finish":"length"})",
     R"("status":"incomplete","incomplete_details":{"reason":"max_output_tokens"})"},
    {"filtered", "[]", R"({"finish":"content_filter"})",
     R"("status":"incomplete","incomplete_details":{"reason":"content_filter"})"},
    {"tier", R"([{"type":"message","content":[{"type":"output_text","text":"a"}]}])",
     R"({"content":"a","finish":"stop","service_tier":"flex"})",
     R"("status":"completed","service_tier":"flex")"},
    {"image", R"([{"type":"image_generation_call","result":"AA","output_format":"webp"}])",
     R"({"images":[{"type":"image_url","image_url":{"url":"data:image/webp;base64,AA"},"index":0}],
        "finish":"stop"})"},
    {"tools that OpenAI runs", R"([{"type":"web_search_call","id":"ws_1","status":"completed"},
        {"type":"message","content":[{"type":"output_text","text":"a"}]}])",
     R"({"content":"a","finish":"stop"})"},
    // Places count from the beginning of the whole content.
    {"citations", R"([{"type":"message","content":[{"type":"output_text","text":"\u00e9t\u00e9 "}]},
        {"type":"message","content":[{"type":"output_text","text":"ab","annotations":[
        {"type":"url_citation","url":"https://h","title":"H","start_index":0,"end_index":2},
        {"type":"file_citation","file_id":"f"}]}]}])",
     R"({"content":"\u00e9t\u00e9 ab","annotations":[{"type":"url_citation","url_citation":
        {"url":"https://h","title":"H","start_index":4,"end_index":6}}],
        "provider_specific_fields":{"citations":[{"type":"file_citation","file_id":"f"}]},
        "finish":"stop"})"},
};

TEST(ResponsesAnswer, is_the_same_whole_and_streamed_however_the_server_tells_it) {
    const Server servers[] = {{true, true, true},   {true, true, false}, {false, true, false},
                              {false, false, true}, {true, false, true}, {false, true, true}};
    for (const Row& row : kRows) {
        const auto text = response(row.output, row.more);
        auto expected = json::parse(row.joined).as_object();
        expected["id"] = "resp_1";
        expected["created"] = 5;
        expected["model"] = "gpt-5-pro";
        expected["usage"] = json::parse(
            R"({"prompt_tokens":9,"completion_tokens":4,"total_tokens":13,
                "prompt_tokens_details":{"cached_tokens":2},
                "completion_tokens_details":{"reasoning_tokens":1}})");
        EXPECT_EQ(flat(whole(text, row.functions)), expected) << row.name;
        for (const Server& server : servers) {
            Client client(row.functions);
            const auto heard = client.hear(json::parse(text).as_object(), server);
            EXPECT_EQ(heard, expected) << row.name << server.deltas << server.dones << server.all;
        }
    }
}

TEST(ResponsesAnswer, has_the_logprobs_of_its_words) {
    const std::string entry = R"({"token":"Hi","bytes":[72,105],"logprob":-0.1,"top_logprobs":[]})";
    const std::string part = R"({"type":"output_text","text":"Hi","logprobs":[)" + entry + "]}";
    const auto expected = json::parse(R"({"content":[)" + entry + R"(],"refusal":null})");
    const std::string message = R"({"type":"message","content":[)" + part + "]}";
    EXPECT_EQ(whole(response("[" + message + "]")).at("choices").at(0).at("logprobs"), expected);
    const auto logprobs_in = [](const std::vector<std::string>& chunks) {
        json::array found;
        for (const auto& chunk : chunks) {
            const auto tree = json::parse(chunk);
            const auto& choice = tree.at("choices").at(0).as_object();
            if (const auto* value = choice.if_contains("logprobs")) found.push_back(*value);
        }
        return found;
    };
    const std::string done =
        R"({"type":"response.output_item.done","output_index":0,"item":)" + message + "}";
    std::vector<std::string> chunks;
    ResponsesStream stream(context(), false);
    stream.feed(
        "",
        R"({"type":"response.output_text.delta","output_index":0,"delta":"Hi","logprobs":[)" +
            entry + "]}",
        chunks);
    stream.feed("", done, chunks);
    EXPECT_EQ(logprobs_in(chunks), json::array{expected});
    chunks.clear();
    ResponsesStream late(context(), false);
    late.feed("", R"({"type":"response.output_text.delta","output_index":0,"delta":"Hi"})", chunks);
    late.feed("", done, chunks);
    EXPECT_EQ(logprobs_in(chunks), json::array{expected});
}

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

TEST(ResponsesAnswer, is_none_of_what_failed_or_has_not_ended) {
    for (const std::string_view text :
         {R"({"output":[],"status":"in_progress"})", R"({"output":[],"status":"queued"})",
          R"({"output":[],"status":"failed","error":{"message":"x"}})",
          R"({"output":[],"status":"cancelled"})", R"({"output":[],"error":{"message":"x"}})",
          R"({"choices":[]})", R"({"output":{}})"}) {
        const auto tree = json::parse(text);
        EXPECT_FALSE(chat_of_response(tree.as_object(), context())) << text;
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
