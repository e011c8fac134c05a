#include "file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/driver.hpp"

namespace patchbay::file_sink {
namespace {

using sink::Driver;
using testing::ElementsAre;
using testing::HasSubstr;

class FileSinkTest : public testing::Test {
  protected:
    FileSinkTest() : file_(R"({"url":"file:///var/log/calls.jsonl"})", reports_.diag()) {}
    sink::Reports reports_;
    File file_;
};

TEST_F(FileSinkTest, a_record_is_one_line) {
    Driver driver(file_);
    driver.batch({{"1", R"({"a":1.0})"}, {"bad", "{"}, {"2", "{\"b\":\n [2]}"}});
    ASSERT_EQ(driver.calls().size(), 1u);
    EXPECT_EQ(driver.calls()[0].method, "POST");
    EXPECT_EQ(driver.calls()[0].url, "file:///var/log/calls.jsonl");
    EXPECT_EQ(driver.calls()[0].body, "{\"a\":1.0}\n{\"b\":[2]}\n");
    EXPECT_THAT(Driver::log(), ElementsAre(HasSubstr("record bad")));
    driver.answer(0, 200, "");
    EXPECT_TRUE(driver.done());
}

TEST_F(FileSinkTest, a_file_that_cannot_be_written_makes_the_batch_come_again) {
    Driver driver(file_);
    driver.batch({{"1", "{}"}});
    driver.broken(0);
    EXPECT_EQ(driver.failure()->cls, +BAY_ERR_UPSTREAM);
    EXPECT_FALSE(driver.done());
}

}  // namespace
}  // namespace patchbay::file_sink
