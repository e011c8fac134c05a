#include "engine/alerts/budget_mail.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/surface/hub/base64.hpp"

namespace patchbay {
namespace {

using testing::HasSubstr;
using testing::Not;

BudgetAlert five_percent_left(std::string owner) {
    BudgetAlert alert;
    alert.group = "key";
    alert.event = BudgetAlert::Event::five_percent_left;
    alert.owner = std::move(owner);
    alert.spend = 95'000'000'000;
    alert.max_budget = 100'000'000'000;
    alert.at = 1'796'000'000'000'000;
    return alert;
}

std::string mail_of(const BudgetAlert& alert) {
    return budget_mail(alert, "gateway@x.org", "ada@x.org", "https://gw", "id1");
}

std::string body_of(const std::string& mail) {
    std::string encoded;
    for (const char c : mail.substr(mail.find("\r\n\r\n") + 4)) {
        if (c != '\r' && c != '\n') encoded += c;
    }
    return surface::bytes_of_base64(encoded).value_or("no base64");
}

TEST(BudgetMail, says_what_happened_to_whom) {
    const std::string mail = mail_of(five_percent_left("ci"));
    EXPECT_THAT(mail, testing::StartsWith("From: gateway@x.org\r\nTo: ada@x.org\r\n"
                                          "Subject: Key Budget: 5% Threshold Crossed\r\n"
                                          "Date: Mon, 30 Nov 2026 00:53:20 +0000\r\n"
                                          "Message-ID: <id1@x.org>\r\n"));
    EXPECT_EQ(body_of(mail),
              "Key Budget: 5% Threshold Crossed.\r\n\r\nkey: ci\r\nSpent: $95\r\nBudget: $100\r\n"
              "Gateway: https://gw\r\n");
}

TEST(BudgetMail, nothing_in_a_name_ends_a_header_or_the_mail) {
    BudgetAlert alert = five_percent_left("x\r\n.\r\nMAIL FROM:<a@b>");
    alert.model = "gpt\r\nBcc: all@x.org\r\n\r\n.\r\n" + std::string(300, 'm') + "ü=?";
    const std::string mail = mail_of(alert);
    EXPECT_THAT(mail, Not(HasSubstr("Bcc")));
    EXPECT_THAT(mail, Not(HasSubstr("\r\n.")));
    EXPECT_THAT(mail, Not(HasSubstr("MAIL FROM")));
    EXPECT_THAT(mail, HasSubstr("Subject: =?utf-8?B?"));
    for (std::size_t at = 0, end = 0; end != mail.npos; at = end + 2) {
        end = mail.find("\r\n", at);
        EXPECT_LE((end == mail.npos ? mail.size() : end) - at, 90u);
    }
    EXPECT_THAT(body_of(mail), HasSubstr("MAIL FROM"));
}

}  // namespace
}  // namespace patchbay
