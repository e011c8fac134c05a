#include "config/address_list.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

TEST(AddressList, holds_addresses_and_networks_of_both_versions) {
    AddressList list;
    for (const char* text : {"192.0.2.7", "10.0.0.0/8", "172.16.0.0/12", "2001:db8::1", "fd00::/8",
                             "198.51.100.64/27"}) {
        EXPECT_TRUE(list.add(text)) << text;
    }
    for (const char* in : {"192.0.2.7", "::ffff:192.0.2.7", "10.255.0.1", "172.31.255.255",
                           "2001:db8:0::1", "fd12:3456::1", "fd00::1%eth0", "198.51.100.95"}) {
        EXPECT_TRUE(list.holds(in)) << in;
    }
    for (const char* out :
         {"192.0.2.70", "11.0.0.1", "172.32.0.0", "2001:db8::2", "fe80::1", "198.51.100.96",
          "198.51.100.63", "::192.0.2.7", "", "localhost", "192.0.2", "192.0.2.7, 10.0.0.1"}) {
        EXPECT_FALSE(list.holds(out)) << out;
    }
    EXPECT_FALSE(AddressList().holds("10.0.0.1"));
}

TEST(AddressList, the_widest_networks_hold_their_version) {
    AddressList four;
    ASSERT_TRUE(four.add("0.0.0.0/0"));
    EXPECT_TRUE(four.holds("203.0.113.9"));
    EXPECT_FALSE(four.holds("2001:db8::1"));
    AddressList six;
    ASSERT_TRUE(six.add("::/0"));
    EXPECT_TRUE(six.holds("2001:db8::1"));
}

TEST(AddressList, what_is_no_address_is_not_added) {
    AddressList list;
    for (const char* text : {"", "example.com", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/x",
                             "10.0.0.0/8/8", "10.0.0.0/-1", "10.0.0", "*", "10.0.0.*"}) {
        EXPECT_FALSE(list.add(text)) << text;
    }
    EXPECT_FALSE(list.holds("10.0.0.1"));
}

TEST(AddressList, the_address_of_an_item_of_a_header_has_no_port) {
    EXPECT_EQ(forwarded_address(" 192.0.2.1 "), "192.0.2.1");
    EXPECT_EQ(forwarded_address("192.0.2.1:4711"), "192.0.2.1");
    EXPECT_EQ(forwarded_address("2001:db8::1"), "2001:db8::1");
    EXPECT_EQ(forwarded_address("[2001:db8::1]:4711"), "2001:db8::1");
    EXPECT_EQ(forwarded_address("[2001:db8::1"), "2001:db8::1");
    EXPECT_EQ(forwarded_address("  "), "");
    EXPECT_EQ(forwarded_address(""), "");
}

}  // namespace
}  // namespace patchbay
