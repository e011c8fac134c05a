#include "engine/http/public_address.hpp"

#include <gtest/gtest.h>

namespace patchbay::http {
namespace {

bool is_public(std::string_view text) {
    return http::is_public(boost::asio::ip::make_address(text));
}

TEST(PublicAddress, of_the_internet) {
    for (const char* text :
         {"1.1.1.1",          "8.8.8.8",         "9.255.255.255",   "11.0.0.0",
          "100.63.255.255",   "100.128.0.0",     "126.255.255.255", "128.0.0.0",
          "169.253.255.255",  "169.255.0.0",     "172.15.255.255",  "172.32.0.0",
          "192.0.1.0",        "192.167.255.255", "192.169.0.0",     "198.17.255.255",
          "198.20.0.0",       "223.255.255.255", "2606:4700::1111", "2a00:1450::1",
          "2001:4860::8888",  "2001:200::1",     "3fff:1000::1",    "2002:808:808::1",
          "64:ff9b::808:808", "::ffff:8.8.8.8"}) {
        EXPECT_TRUE(is_public(text)) << text;
    }
}

TEST(PublicAddress, of_this_machine_its_networks_and_no_network) {
    for (const char* text : {"0.0.0.0",
                             "0.1.2.3",
                             "10.0.0.1",
                             "10.255.255.255",
                             "100.64.0.1",
                             "100.127.255.255",
                             "127.0.0.1",
                             "127.255.255.254",
                             "169.254.169.254",
                             "172.16.0.1",
                             "172.31.255.255",
                             "192.0.0.170",
                             "192.0.2.1",
                             "192.88.99.1",
                             "192.168.1.1",
                             "198.18.0.1",
                             "198.19.255.255",
                             "198.51.100.1",
                             "203.0.113.1",
                             "224.0.0.1",
                             "239.255.255.255",
                             "240.0.0.1",
                             "255.255.255.255",
                             "::",
                             "::1",
                             "fe80::1",
                             "fc00::1",
                             "fd00:ec2::254",
                             "ff02::1",
                             "100::1",
                             "2001::1",
                             "2001:db8::1",
                             "3fff::1",
                             "5f00::1",
                             "4000::1"}) {
        EXPECT_FALSE(is_public(text)) << text;
    }
}

TEST(PublicAddress, of_what_an_ipv6_address_leads_to) {
    for (const char* text :
         {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
          "2002:7f00:1::1", "2002:a00:1::1", "::127.0.0.1", "64:ff9b:1::808:808"}) {
        EXPECT_FALSE(is_public(text)) << text;
    }
}

}  // namespace
}  // namespace patchbay::http
