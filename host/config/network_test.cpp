#include "config/network.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

namespace ip = boost::asio::ip;

TEST(Network, holds_the_addresses_that_begin_as_it_does) {
    struct Case {
        const char* network;
        const char* address;
        bool within;
    };
    const Case cases[] = {
        {"192.0.2.7", "192.0.2.7", true},
        {"192.0.2.7", "192.0.2.8", false},
        {"192.0.2.7", "::ffff:192.0.2.7", true},
        {"192.0.2.7", "::192.0.2.7", false},
        {"::ffff:192.0.2.7", "192.0.2.7", true},
        {"10.0.0.0/8", "10.255.255.255", true},
        {"10.0.0.0/8", "11.0.0.0", false},
        {"10.0.0.0/8", "::ffff:10.1.2.3", true},
        {"10.1.2.3/8", "10.9.9.9", true},  // bits that do not count
        {"10.0.0.0/08", "10.9.9.9", true},
        {"::ffff:10.0.0.0/104", "10.9.9.9", true},
        {"198.51.100.64/27", "198.51.100.63", false},
        {"198.51.100.64/27", "198.51.100.64", true},
        {"198.51.100.64/27", "198.51.100.95", true},
        {"198.51.100.64/27", "198.51.100.96", false},
        {"192.0.2.6/31", "192.0.2.7", true},
        {"192.0.2.6/31", "192.0.2.8", false},
        {"192.0.2.7/32", "192.0.2.7", true},
        {"192.0.2.7/32", "192.0.2.6", false},
        {"0.0.0.0/0", "203.0.113.9", true},
        {"0.0.0.0/0", "2001:db8::1", false},
        {"2001:db8::1", "2001:DB8:0::1", true},
        {"2001:db8::1", "2001:db8::2", false},
        {"fd00::/8", "fdff:ffff::1", true},
        {"fd00::/8", "fe00::1", false},
        {"2001:db8:8000::/33", "2001:db8:8001::1", true},
        {"2001:db8:8000::/33", "2001:db8:7fff::1", false},
        {"2001:db8::6/127", "2001:db8::7", true},
        {"2001:db8::6/127", "2001:db8::8", false},
        {"::1/128", "::1", true},
        {"::1/128", "::", false},
        {"::/0", "2001:db8::1", true},
        {"::/0", "192.0.2.7", true},
        {"fe80::/10", "fe80::1%eth0", true},
        {"fe80::%lo/10", "fe80::1", true},
        {"fe80::1%lo", "fe80::1%2", true},
    };
    for (const Case& c : cases) {
        const auto network = read_network(c.network);
        const auto address = read_address(c.address);
        ASSERT_TRUE(network && address) << c.network << " " << c.address;
        EXPECT_EQ(is_within(*address, *network), c.within) << c.address << " in " << c.network;
    }
}

TEST(Network, is_no_other_text) {
    using namespace std::string_view_literals;
    for (const std::string_view text : {""sv,
                                        "/8"sv,
                                        "10.0.0"sv,
                                        "010.0.0.1"sv,
                                        "10.0.0.256"sv,
                                        " 10.0.0.1"sv,
                                        "10.0.0.1 "sv,
                                        "10.0.0.*"sv,
                                        "example.com"sv,
                                        "[::1]"sv,
                                        "::1::"sv,
                                        "10.0.0.1\0"sv,
                                        "10.0.0.0\0/8"sv,
                                        "%eth0"sv,
                                        "10.0.0.0/"sv,
                                        "10.0.0.0/33"sv,
                                        "10.0.0.0/x"sv,
                                        "10.0.0.0/ 8"sv,
                                        "10.0.0.0/8 "sv,
                                        "10.0.0.0/8\0"sv,
                                        "10.0.0.0/8/8"sv,
                                        "10.0.0.0/-1"sv,
                                        "10.0.0.0/+8"sv,
                                        "10.0.0.0/4294967304"sv,
                                        "10.0.0.0/255.0.0.0"sv,
                                        "::/129"sv,
                                        "::ffff:10.0.0.0/129"sv}) {
        EXPECT_FALSE(read_network(text)) << text;
    }
    EXPECT_FALSE(read_address("10.0.0.0/8"));
}

TEST(Network, takes_addresses_that_are_no_texts) {
    const auto network = read_network("fe80::/10");
    ip::address_v6 address = ip::make_address_v6("fe80::1");
    address.scope_id(3);
    EXPECT_TRUE(is_within(in_version_6(address), *network));
    EXPECT_TRUE(is_within(in_version_6(ip::make_address("10.0.0.1")), *read_network("10.0.0.1")));
}

}  // namespace
}  // namespace patchbay
