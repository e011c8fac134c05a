// What a mail says of a budget.
#pragma once

#include <string>
#include <string_view>

#include "engine/alerts/budget_alert.hpp"

namespace patchbay {

/// A mail (RFC 5322) of plain text, for send_mail(): its lines end in CR LF and none begins with a dot. `from` and `to`
/// are addresses (is_mail_address()); `proxy_url` may be empty. `id` is any text that no other mail has, of letters and
/// digits. Names in the alert may hold any bytes.
std::string budget_mail(const BudgetAlert& alert, std::string_view from, std::string_view to,
                        std::string_view proxy_url, std::string_view id);

}  // namespace patchbay
