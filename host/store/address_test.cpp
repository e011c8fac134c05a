#include "store/address.hpp"

#include <gtest/gtest.h>

namespace patchbay::store {
namespace {

TEST(Address, is_a_file_or_a_server) {
    EXPECT_TRUE(Address().empty());
    EXPECT_TRUE(Address::read("").empty());
    const Address file = Address::read("/var/lib/patchbay/ledger.db");
    EXPECT_FALSE(file.is_server());
    EXPECT_EQ(file.file(), "/var/lib/patchbay/ledger.db");
    EXPECT_EQ(file.shown(), "/var/lib/patchbay/ledger.db");
    EXPECT_EQ(Address::read("sqlite:///var/lib/patchbay/ledger.db").file(), file.file());
    for (const char* url : {"postgresql://host/db", "postgres://host/db"}) {
        const Address server = Address::read(url);
        EXPECT_TRUE(server.is_server());
        EXPECT_EQ(server.server(), url);
        EXPECT_EQ(server.schema(), "patchbay");
    }
}

TEST(Address, what_only_prisma_knows_is_left_out_and_the_schema_taken) {
    struct Row {
        const char *given, *server, *schema;
    };
    for (const Row& row : {
             Row{"?connection_limit=10&sslmode=require&pool_timeout=5", "?sslmode=require",
                 "patchbay"},
             Row{"?schema=public", "", "public"},
             Row{"?sslmode=require&schema=a&pgbouncer=true&connect_timeout=3",
                 "?sslmode=require&connect_timeout=3", "a"},
             Row{"?", "", "patchbay"},
             Row{"?&&a=b", "?a=b", "patchbay"},
         }) {
        const Address address = Address::read(std::string("postgresql://h/db") + row.given);
        EXPECT_EQ(address.server(), std::string("postgresql://h/db") + row.server) << row.given;
        EXPECT_EQ(address.schema(), row.schema) << row.given;
    }
}

TEST(Address, is_shown_without_its_secrets) {
    struct Row {
        const char *url, *shown;
    };
    for (const Row& row : {
             Row{"postgresql://ada:canary@db:5432/books", "postgresql://db:5432/books"},
             Row{"postgres://ada:can@ary@db/books?sslmode=require", "postgresql://db/books"},
             Row{"postgresql://ada:can?ary@db/books", "postgresql://db/books"},
             Row{"postgresql:///books?host=/run&password=canary", "postgresql:///books"},
         }) {
        EXPECT_EQ(Address::read(row.url).shown(), row.shown);
    }
}

}  // namespace
}  // namespace patchbay::store
