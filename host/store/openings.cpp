#include "store/openings.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "contract/unix_time.hpp"
#include "store/bind.hpp"
#include "store/ledger_sums.hpp"

namespace patchbay::store {

namespace {

// Writes what one batch posts.
class OpeningWriter {
  public:
    explicit OpeningWriter(Database& database)
        : identity_(database.handle(),
                    "INSERT INTO identity(kind, text) VALUES(?, ?) ON CONFLICT(kind, text) DO "
                    "UPDATE SET kind = excluded.kind RETURNING id"),
          known_(database.handle(),
                 "SELECT opening FROM account WHERE book = ? AND house = 0 AND subject = ?"),
          batch_(database.handle(),
                 "INSERT INTO batch(entries, charge, posted_at, first_day) VALUES(0, 0, ?, ?) "
                 "RETURNING id"),
          account_(database.handle(),
                   "INSERT INTO account(book, house, subject, posted, entries, opening) VALUES(?, "
                   "?, ?, ?, 0, ?) ON CONFLICT(book, house, subject) DO UPDATE SET posted = "
                   "account.posted + excluded.posted, opening = account.opening + "
                   "excluded.opening RETURNING id"),
          posting_(database.handle(), "INSERT INTO posting VALUES(?, ?, ?, ?, ?, 0)"),
          minute_(database.handle(),
                  "INSERT INTO spend_minute VALUES(?, ?, ?) ON CONFLICT(account, minute) DO UPDATE "
                  "SET charge = spend_minute.charge + excluded.charge") {}

    Stored<std::int64_t> identity(IdentityKind kind, std::string_view name) {
        return number_of(identity_.bind(1, std::int64_t{kind}).bind(2, name));
    }
    Stored<std::int64_t> known(const Opening& of) {
        return number_of(known_.bind(1, std::int64_t{of.book}).bind(2, of.subject));
    }
    Stored<std::int64_t> batch() {
        const std::int64_t now = unix_us();
        constexpr std::int64_t kDay = 86'400'000'000;
        return number_of(batch_.bind(1, now).bind(2, now / kDay));
    }
    // The account's number.
    Stored<std::int64_t> post(std::int64_t batch, int book, House house, std::int64_t subject,
                              std::int64_t amount) {
        const auto id = number_of(account_.bind(1, std::int64_t{book})
                                      .bind(2, std::int64_t{house})
                                      .bind(3, subject)
                                      .bind(4, amount)
                                      .bind(5, amount));
        if (!id) return id;
        posting_.bind(1, batch).bind(2, *id).bind(3, std::int64_t{book});
        auto done = posting_.bind(4, std::int64_t{house}).bind(5, amount).run();
        if (!done) return done.error();
        return id;
    }
    Stored<void> minute(std::int64_t account, std::int64_t minute, std::int64_t amount) {
        if (amount == 0) return {};
        return minute_.bind(1, account).bind(2, minute).bind(3, amount).run();
    }

  private:
    Statement identity_, known_, batch_, account_, posting_, minute_;
};

}  // namespace

Stored<std::int64_t> post_openings(Database& database, std::vector<Opening> openings) {
    OpeningWriter writer(database);
    for (Opening& opening : openings) {
        if (opening.name.empty()) continue;
        const auto id = writer.identity(opening.kind, opening.name);
        if (!id) return id;
        opening.subject = *id;
    }
    std::sort(openings.begin(), openings.end(), [](const Opening& a, const Opening& b) {
        return std::tuple(a.book, a.subject) < std::tuple(b.book, b.subject);
    });
    std::int64_t batch = 0;
    std::int64_t all = 0;
    for (auto next = openings.begin(); next != openings.end();) {
        const Book book = next->book;
        std::int64_t posted = 0;
        for (; next != openings.end() && next->book == book; ++next) {
            const auto known = writer.known(*next);
            if (!known) return known;
            const std::int64_t amount = next->ever - *known;
            if (amount <= 0) continue;
            if (batch == 0) {
                const auto made = writer.batch();
                if (!made) return made;
                batch = *made;
            }
            const auto account = writer.post(batch, book, kNotHouse, next->subject, amount);
            if (!account) return account;
            const std::int64_t within = std::clamp<std::int64_t>(next->within, 0, amount);
            auto done = writer.minute(*account, next->minute, within);
            if (done) done = writer.minute(*account, 0, amount - within);
            if (!done) return done.error();
            posted += amount;
        }
        if (posted == 0) continue;
        const auto house = writer.post(batch, book, kHouse, kOpening, -posted);
        if (!house) return house;
        all += posted;
    }
    return all;
}

}  // namespace patchbay::store
