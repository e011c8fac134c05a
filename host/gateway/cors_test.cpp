#include "gateway/cors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay::gateway {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view kPage = "http://localhost:5173";

Request from_page(std::string_view origin, std::string_view asks_for = {}) {
    Request request;
    if (!origin.empty()) request.head.set("Origin", origin);
    if (!asks_for.empty()) request.head.set("Access-Control-Request-Headers", asks_for);
    return request;
}

std::string answer_to(const Cors& cors, const Request& request) {
    ResponseHead head(401);
    cors.add(head, request);
    return std::move(head).with_length(0, true);
}

std::string preflight(const Cors& cors, const Request& request, std::string_view allow = "POST") {
    std::string_view body;
    ResponseHead head = cors.preflight(request, allow, body);
    return std::move(head).with_length(body.size(), true) + std::string(body);
}

TEST(Cors, every_page_may_read_answers_and_all_their_headers) {
    const std::string answer = answer_to(Cors(), from_page(kPage));
    EXPECT_THAT(answer, HasSubstr("access-control-allow-origin: *\r\n"));
    EXPECT_THAT(answer, HasSubstr("access-control-expose-headers: *\r\n"));
    EXPECT_THAT(answer, Not(HasSubstr("credentials")));
}

TEST(Cors, an_answer_to_no_page_says_nothing) {
    EXPECT_THAT(answer_to(Cors(), from_page("")), Not(HasSubstr("access-control")));
}

TEST(Cors, a_preflight_is_told_what_litellm_tells) {
    const std::string answer = preflight(Cors(), from_page(kPage, "authorization,x-stainless-os"));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(answer, HasSubstr("access-control-allow-origin: *\r\n"));
    EXPECT_THAT(answer,
                HasSubstr("access-control-allow-methods: DELETE, GET, HEAD, OPTIONS, PATCH, "
                          "POST, PUT, QUERY\r\n"));
    EXPECT_THAT(answer,
                HasSubstr("access-control-allow-headers: authorization,x-stainless-os\r\n"));
    EXPECT_THAT(answer, HasSubstr("access-control-max-age: 600\r\n"));
}

TEST(Cors, options_of_no_page_name_the_methods_of_the_path) {
    const std::string answer = preflight(Cors(), from_page(""), "GET, HEAD");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(answer, HasSubstr("allow: GET, HEAD, OPTIONS\r\n"));
    EXPECT_THAT(answer, Not(HasSubstr("access-control")));
    EXPECT_THAT(preflight(Cors(), from_page(""), ""), Not(HasSubstr("allow:")));
}

TEST(Cors, a_list_of_origins_keeps_others_out) {
    const Cors cors("https://chat.example.com, http://localhost:5173/");
    const std::string good = answer_to(cors, from_page(kPage));
    EXPECT_THAT(good, HasSubstr("access-control-allow-origin: http://localhost:5173\r\n"));
    EXPECT_THAT(good, HasSubstr("vary: Origin\r\n"));
    EXPECT_THAT(preflight(cors, from_page(kPage, "authorization")), StartsWith("HTTP/1.1 200"));
    for (const char* origin :
         {"http://localhost:51730", "https://localhost:5173", "https://example.com", "null"}) {
        EXPECT_THAT(answer_to(cors, from_page(origin)), Not(HasSubstr("access-control"))) << origin;
        const std::string refused = preflight(cors, from_page(origin, "authorization"));
        EXPECT_THAT(refused, StartsWith("HTTP/1.1 400 ")) << origin;
        EXPECT_THAT(refused, Not(HasSubstr("access-control"))) << origin;
    }
}

TEST(Cors, a_list_with_a_star_or_nothing_in_it_is_all_origins) {
    for (const char* list : {"", "*", " , ", "https://a.example, *"}) {
        EXPECT_THAT(answer_to(Cors(list), from_page(kPage)),
                    HasSubstr("access-control-allow-origin: *\r\n"))
            << list;
    }
}

}  // namespace
}  // namespace patchbay::gateway
