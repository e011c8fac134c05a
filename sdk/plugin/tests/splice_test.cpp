#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "patchbay/sdk.hpp"

namespace {

// Test documents hold only scalars without commas, so an index is found by hand.
struct Request {
    std::string json;
    std::vector<bay_member> members;
    bay_ev_request event{};

    explicit Request(std::string text) : json(std::move(text)) {
        std::size_t at = json.find('{') + 1;
        while (true) {
            at = json.find('"', at);
            if (at == std::string::npos) break;
            const std::size_t quote = json.find('"', at + 1);
            const std::size_t value = json.find_first_not_of(" \n\t", json.find(':', quote) + 1);
            const std::size_t end = json.find_first_of(" \n\t,}", value);
            const std::string_view all = json;
            members.push_back({bay::str(all.substr(at + 1, quote - at - 1)),
                               bay::str(all.substr(value, end - value)), at, value});
            at = end;
        }
        event.h = {sizeof event, BAY_EV_REQUEST};
        event.json = bay::str(json);
        event.members = members.data();
        event.member_count = members.size();
    }
};

TEST(Splice, GivesTheWholeRequestInOneRangeWhenNothingChanged) {
    Request r(" { \"a\" : 1 , \"b\":2 } ");
    bay::Splice splice(r.event);
    EXPECT_FALSE(splice.changed());
    ASSERT_EQ(splice.segments().size(), 1u);
    EXPECT_EQ(splice.segments()[0].kind, static_cast<std::uint32_t>(BAY_SEG_BLOB));
    EXPECT_EQ(splice.segments()[0].off, 0u);
    EXPECT_EQ(splice.segments()[0].len, r.json.size());
}

TEST(Splice, ReplacesRenamesAndKeepsTheWhiteSpaceAround) {
    Request r("{\"model\": \"x\",\n \"max_tokens\" : 5 }");
    bay::Splice splice(r.event);
    EXPECT_EQ(splice.replace("model", "\"gpt-4o\""), 1u);
    EXPECT_EQ(splice.rename("max_tokens", "max_completion_tokens"), 1u);
    EXPECT_EQ(splice.text(), "{\"model\": \"gpt-4o\",\n \"max_completion_tokens\" : 5 }");
    EXPECT_EQ(splice.rename("nothing", "x"), 0u);
}

TEST(Splice, DropsMembersInEveryPosition) {
    const std::string names = "abc";
    const char* expected[] = {
        R"({ "a":1, "b":2 ,"c":3 })", R"({ "b":2 ,"c":3 })", R"({ "a":1 ,"c":3 })", R"({ "c":3 })",
        R"({ "a":1, "b":2 })",        R"({ "b":2 })",        R"({ "a":1 })",        R"({  })"};
    for (int mask = 0; mask < 8; ++mask) {
        Request r(R"({ "a":1, "b":2 ,"c":3 })");
        bay::Splice splice(r.event);
        for (int i = 0; i < 3; ++i) {
            if (mask >> i & 1) splice.drop(names.substr(static_cast<std::size_t>(i), 1));
        }
        EXPECT_EQ(splice.text(), expected[mask]) << mask;
    }
}

TEST(Splice, AddsAfterWhatIsLeft) {
    Request r(R"({"a":1})");
    bay::Splice splice(r.event);
    splice.add("b", "[2]");
    splice.set("c", "3");
    splice.set("a", "0");
    EXPECT_EQ(splice.text(), R"({"a":0,"b":[2],"c":3})");
    splice.drop("a");
    EXPECT_EQ(splice.text(), R"({"b":[2],"c":3})");

    Request empty(" { } ");
    bay::Splice into_empty(empty.event);
    into_empty.add("b", "2");
    EXPECT_EQ(into_empty.text(), " {\"b\":2 } ");
}

TEST(Splice, EditsEveryDuplicate) {
    Request r(R"({"m":1,"x":0,"m":2,"m":3})");
    bay::Splice splice(r.event);
    EXPECT_EQ(splice.value("m"), "3");
    EXPECT_EQ(splice.replace("m", "9"), 3u);
    EXPECT_EQ(splice.text(), R"({"m":9,"x":0,"m":9,"m":9})");
    splice.drop(0);
    splice.drop(3);
    EXPECT_EQ(splice.text(), R"({"x":0,"m":9})");
}

// Reference: members as a list of strings, joined by commas.
TEST(Splice, AgreesWithASlowReferenceOnRandomEdits) {
    std::mt19937 random(7);
    const auto pick = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
    for (int round = 0; round < 5000; ++round) {
        struct Member {
            std::string name, value;
            bool dropped;
        };
        std::vector<Member> reference;
        std::string json = "{";
        for (unsigned i = 0, n = pick(6); i < n; ++i) {
            reference.push_back({std::string(1 + pick(2), static_cast<char>('a' + pick(3))),
                                 std::to_string(pick(1000)), false});
            json += (i ? "," : "") + ('"' + reference.back().name) + "\":" + reference.back().value;
        }
        json += "}";
        Request r(json);
        bay::Splice splice(r.event);
        std::string added;
        for (unsigned i = 0, n = pick(5); i < n; ++i) {
            const std::string text = std::to_string(pick(100000));
            if (reference.empty() || pick(4) == 0) {
                splice.add("n" + text, text);
                added += ",\"n" + text + "\":" + text;
                continue;
            }
            const unsigned at = pick(static_cast<unsigned>(reference.size()));
            switch (pick(3)) {
                case 0:
                    splice.drop(at), reference[at].dropped = true;
                    break;
                case 1:
                    splice.replace(at, text), reference[at].value = text;
                    break;
                default:
                    splice.rename(at, "r" + text), reference[at].name = "r" + text;
            }
        }
        std::string expected;
        for (const Member& m : reference) {
            if (!m.dropped) expected += ",\"" + m.name + "\":" + m.value;
        }
        expected += added;
        expected = "{" + (expected.empty() ? expected : expected.substr(1)) + "}";
        ASSERT_EQ(splice.text(), expected) << json;
        for (const bay_seg& seg : splice.segments()) {
            EXPECT_TRUE(seg.kind == BAY_SEG_BYTES || seg.len > 0);
        }
    }
}

}  // namespace
