#include "app/mailing.hpp"

#include "store/mail_addresses.hpp"

namespace patchbay::app {

boost::system::result<Addressees, std::string> addressees_of(const store::Address& books,
                                                             const BudgetAlert& alert) {
    using Found = boost::system::result<Addressees, std::string>;
    const auto failed = [](const store::Failure& why) {
        return Found(boost::system::in_place_error, why.text);
    };
    Addressees found;
    if (books.empty() || (alert.user_id.empty() && alert.group != "team")) return found;
    auto database = store::Database::open(books, store::Access::read_only);
    if (!database) return failed(database.error());
    auto user = store::mail_of_user(*database, alert.user_id);
    if (!user) return failed(user.error());
    if (!user->empty()) found.user = user->front();
    const bool of_user =
        alert.group == "key" || alert.group == "user" || alert.group == "team_member";
    if (of_user) found.told = std::move(*user);
    if (alert.group != "team") return found;
    auto members = store::mail_of_team(*database, alert.team_id);
    if (!members) return failed(members.error());
    found.told = std::move(*members);
    return found;
}

}  // namespace patchbay::app
