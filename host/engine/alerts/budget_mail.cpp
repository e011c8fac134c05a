#include "engine/alerts/budget_mail.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include "contract/crypto/base64.hpp"
#include "engine/meter/amount.hpp"

namespace patchbay {

namespace {

// RFC 5322, 3.3, whatever the process' locale is: "Sun, 29 Nov 2026 15:47:07 +0000".
std::string date_of(std::int64_t at) {
    constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                       "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto time = static_cast<std::time_t>(at / 1'000'000);
    std::tm parts{};
    gmtime_r(&time, &parts);
    std::array<char, 40> day{}, clock{};
    std::strftime(day.data(), day.size(), ", %d ", &parts);
    std::strftime(clock.data(), clock.size(), " %Y %H:%M:%S +0000", &parts);
    std::string text(kDays.at(static_cast<std::size_t>(parts.tm_wday)));
    text.append(day.data()).append(kMonths.at(static_cast<std::size_t>(parts.tm_mon)));
    return text.append(clock.data());
}

// RFC 2047: encoded words of at most 75 characters, cut between characters of UTF-8. Of any text, so that nothing in a
// name ends the header.
std::string encoded_words(std::string_view text) {
    constexpr std::size_t kMostBytes = 42;
    std::string words;
    while (!text.empty()) {
        std::size_t size = std::min(text.size(), kMostBytes);
        const auto inside = [&] {
            return size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80;
        };
        while (size > 1 && inside()) --size;
        words += words.empty() ? "=?utf-8?B?" : "\r\n =?utf-8?B?";
        append_base64(words, text.substr(0, size));
        words += "?=";
        text.remove_prefix(size);
    }
    return words;
}

bool is_plain(std::string_view text) {
    constexpr std::size_t kMost = 200;
    return text.size() <= kMost && text.find("=?") == text.npos &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

// In lines of 76 characters (RFC 2045, 6.8), of which none begins with a dot.
std::string encoded_body(std::string_view text) {
    constexpr std::size_t kBytesOfLine = 57;
    std::string body;
    while (!text.empty()) {
        append_base64(body, text.substr(0, kBytesOfLine));
        body += "\r\n";
        text.remove_prefix(std::min(kBytesOfLine, text.size()));
    }
    return body;
}

std::string body_of(const BudgetAlert& alert, std::string_view proxy_url) {
    std::string text = headline_of(alert) + ".\r\n\r\n";
    const auto line = [&](std::string_view name, std::string_view value) {
        if (!value.empty()) text.append(name).append(": ").append(value).append("\r\n");
    };
    const auto money = [](meter::Amount amount) {
        return amount < 0 ? std::string() : "$" + std::string(meter::dollars(amount).view());
    };
    line(alert.group, alert.owner);
    line("Spent", money(alert.spend));
    line("Soft budget", money(alert.soft_budget));
    line("Budget", money(alert.max_budget));
    line("Gateway", proxy_url);
    return text;
}

}  // namespace

std::string budget_mail(const BudgetAlert& alert, std::string_view from, std::string_view to,
                        std::string_view proxy_url, std::string_view id) {
    const std::string subject = headline_of(alert);
    std::string mail;
    const auto header = [&](std::string_view name, std::string_view value) {
        mail.append(name).append(": ").append(value).append("\r\n");
    };
    header("From", from);
    header("To", to);
    header("Subject", is_plain(subject) ? subject : encoded_words(subject));
    header("Date", date_of(alert.at));
    mail.append("Message-ID: <").append(id).append(from.substr(from.rfind('@'))).append(">\r\n");
    header("Auto-Submitted", "auto-generated");  // RFC 3834: nobody's absence answers it
    header("MIME-Version", "1.0");
    header("Content-Type", "text/plain; charset=utf-8");
    header("Content-Transfer-Encoding", "base64");
    return mail + "\r\n" + encoded_body(body_of(alert, proxy_url));
}

}  // namespace patchbay
