#include "gateway/response_head.hpp"

#include <gtest/gtest.h>

namespace patchbay::gateway {
namespace {

TEST(ResponseHead, ends_with_the_framing_of_the_body) {
    EXPECT_EQ(ResponseHead(200)
                  .add("a", "b")
                  .add("n", std::uint64_t{7})
                  .add_if("x", "")
                  .add_if("y", "z")
                  .status(),
              200);
    ResponseHead length(200);
    length.add("a", "b").add("n", std::uint64_t{7}).add_if("x", "").add_if("y", "z");
    EXPECT_EQ(std::move(length).with_length(12, true),
              "HTTP/1.1 200 OK\r\na: b\r\nn: 7\r\ny: z\r\ncontent-length: 12\r\n\r\n");
    EXPECT_EQ(ResponseHead(404).with_length(0, false),
              "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    EXPECT_EQ(ResponseHead(204).with_length(0, true), "HTTP/1.1 204 No Content\r\n\r\n");
    EXPECT_EQ(ResponseHead(200).chunked(true),
              "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
    EXPECT_EQ(ResponseHead(200).open_ended(), "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n");
}

TEST(ResponseHead, a_value_cannot_begin_a_line_of_its_own) {
    ResponseHead head(200);
    head.add("a", std::string_view("x\r\nset-cookie: y\0z", 18));
    EXPECT_EQ(std::move(head).open_ended(),
              "HTTP/1.1 200 OK\r\na: xset-cookie: yz\r\nconnection: close\r\n\r\n");
}

TEST(ResponseHead, has_numbers_as_they_are_written) {
    ResponseHead head(200);
    head.add("a", std::uint64_t{0}).add("b", std::uint64_t{1'000'000'010}).add("c", UINT64_MAX);
    EXPECT_EQ(std::move(head).with_length(10, true),
              "HTTP/1.1 200 OK\r\na: 0\r\nb: 1000000010\r\nc: 18446744073709551615\r\n"
              "content-length: 10\r\n\r\n");
}

TEST(ResponseHead, a_line_ending_is_found_wherever_it_stands) {
    for (const std::size_t size : {1, 7, 8, 9, 16, 300}) {
        for (std::size_t at = 0; at < size; ++at) {
            std::string value(size, '\xe9');
            value[at] = at % 2 ? '\r' : '\n';
            ResponseHead head(200);
            head.add("a", value);
            EXPECT_EQ(std::move(head).open_ended(),
                      "HTTP/1.1 200 OK\r\na: " + std::string(size - 1, '\xe9') +
                          "\r\nconnection: close\r\n\r\n");
        }
    }
}

TEST(ResponseHead, every_status_has_a_phrase) {
    EXPECT_EQ(reason_phrase(429), "Too Many Requests");
    EXPECT_EQ(reason_phrase(529), "Error");
    EXPECT_EQ(reason_phrase(600), "Error");
    for (int status = 100; status < 600; ++status)
        EXPECT_FALSE(reason_phrase(status).empty()) << status;
}

TEST(ResponseHead, the_largest_number_fits) {
    ResponseHead head(200);
    head.add("n", ~std::uint64_t{0});
    EXPECT_EQ(std::move(head).open_ended(),
              "HTTP/1.1 200 OK\r\nn: 18446744073709551615\r\nconnection: close\r\n\r\n");
}

}  // namespace
}  // namespace patchbay::gateway
