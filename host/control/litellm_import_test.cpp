#include "control/litellm_import.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/test_support.hpp"

namespace patchbay::control {
namespace {

using testing::HasSubstr;
using testing::Not;

class LitellmImportTest : public store::test::StoreTest {};
INSTANTIATE_TEST_SUITE_P(On, LitellmImportTest, store::test::kBoth, store::test::kind_name);

// Versions of long ago had keys in the place of their hashes, and no names for them.
TEST_P(LitellmImportTest, no_key_is_in_what_is_said_of_its_row) {
    auto records = store::Records::open(address(), "hmac");
    ASSERT_TRUE(records) << records.error().text;
    const std::vector<store::ForeignRow> rows{
        {"LiteLLM_VerificationToken", R"({"token":"sk-canary-of-long-ago-0001","team_id":"gone"})"},
        {"LiteLLM_VerificationToken", R"({"token":"sk-canary","team_id":"gone"})"},
        {"LiteLLM_DeprecatedVerificationToken", R"({"token":"sk-canary-rotated-0002"})"}};
    const ImportReport report = import_litellm(*records, rows, {});
    EXPECT_EQ(report.failure, "");
    ASSERT_EQ(report.losses.size(), 3u);
    for (const std::string& line : report.losses) {
        EXPECT_THAT(line, Not(HasSubstr("canary")));
        EXPECT_THAT(line, HasSubstr("sk-...")) << "whose row it was can be told";
    }
    EXPECT_THAT(report.losses[0], HasSubstr("key sk-...0001: its team_id gone is not there"));
}

}  // namespace
}  // namespace patchbay::control
