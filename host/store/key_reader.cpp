#include "store/key_reader.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "store/bind.hpp"
#include "store/key_sql.hpp"
#include "store/ledger_books.hpp"
#include "store/ledger_counters.hpp"

namespace patchbay::store {

namespace {

constexpr std::chrono::milliseconds kPatience{200};
// For whole lists, thousands at a time: they are read when a gateway starts, and no request waits for them.
constexpr std::chrono::seconds kListPatience{5};

int book_of(Subject kind) {
    return kind == Subject::key ? kKeyRow : static_cast<int>(kind);
}

std::optional<std::int64_t> optional_number(const Statement& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return row.number(column);
}

std::uint64_t first_bytes(std::string_view bytes) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < sizeof number; ++i) {
        number = number << 8 | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0);
    }
    return number;
}

}  // namespace

std::uint64_t key_prefix(const KeyHash& hash) {
    return first_bytes({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

class KeyReader::Impl {
  public:
    explicit Impl(Database opened)
        : database_(std::move(opened)),
          find_key_(sql(key_sql())),
          find_customer_(sql(customer_sql())),
          find_tag_(sql(tag_sql())),
          find_budget_(sql(budget_sql())),
          find_user_(sql("SELECT 1 FROM \"user\" WHERE user_id = ? AND deleted_at IS NULL")),
          find_address_(sql("SELECT 1 FROM \"user\" WHERE lower(email) = lower(?) AND deleted_at "
                            "IS NULL LIMIT 1")),
          customer_names_(sql("SELECT id, customer_id FROM customer WHERE deleted_at IS NULL AND "
                              "id > ? ORDER BY id LIMIT ?")),
          tag_names_(sql("SELECT id, name FROM tag WHERE deleted_at IS NULL AND id > ? ORDER BY "
                         "id LIMIT ?")),
          find_identity_(sql("SELECT id FROM identity WHERE kind = ? AND text = ?")),
          posted_(sql("SELECT posted FROM account WHERE book = ? AND house = 0 AND subject = ?")),
          spent_(
              sql("SELECT SUM(charge) FROM spend_minute WHERE account = (SELECT id FROM account "
                  "WHERE book = ? AND house = 0 AND subject = ?) AND minute >= ? AND minute < ?")),
          prefixes_(sql("SELECT substr(hash, 1, 8) p FROM key WHERE deleted_at IS NULL AND hash >= "
                        "?1 UNION SELECT substr(hash, 1, 8) FROM key_old WHERE hash >= ?1 ORDER BY "
                        "p LIMIT ?2")),
          prefixes_of_(sql(prefixes_sql())),
          changes_(sql(changes_sql())),
          last_change_(sql("SELECT COALESCE(MAX(seq), 0) FROM change")) {}

    Stored<std::optional<KeyRecord>> find_key(const KeyHash& hash, std::int64_t now_us) {
        database_.within(kPatience);
        auto read = read_key(hash, now_us);
        find_key_.reset();
        if (!read || !*read) return read;
        KeyRecord& key = **read;
        for (const auto& [book, subject, limits] :
             {std::tuple(kKeyRow, key.id, &key.limits),
              std::tuple(kUser, key.user.id, &key.user.limits),
              std::tuple(kTeam, key.team.id, &key.team.limits),
              std::tuple(kOrganization, key.organization.id, &key.organization.limits)}) {
            if (auto done = read_spent(*limits, book, subject, now_us); !done) return done.error();
        }
        if (has_money(key.member)) {
            const auto member = identity(kMembers, member_name(key.team.id, key.user.id));
            if (!member) return member.error();
            auto done = read_spent(key.member, kMember, *member, now_us);
            if (!done) return done.error();
        }
        return read;
    }

    Stored<std::optional<PartyRecord>> find_party(Subject kind, std::string_view name,
                                                  const PartyDefaults& defaults,
                                                  std::int64_t now_us) {
        database_.within(kPatience);
        PartyRecord party;
        party.kind = kind;
        party.name = name;
        const bool customer = kind == Subject::customer;
        const auto row = read_party(customer ? find_customer_ : find_tag_, party);
        if (!row) return row.error();
        bool limited = *row;
        if (party.limits.budget == 0) {
            const auto given = customer ? customer_defaults(defaults, party.limits)
                                        : tag_defaults(defaults, name, party.limits);
            if (!given) return given.error();
            limited = limited || *given;
        }
        if (!limited) return std::optional<PartyRecord>();
        const auto account = customer ? Spender{kind, 0, party.name}
                                      : Spender{kind, 0, counters::of_tag(name), true};
        auto done = read_spent(party.limits, account, now_us);
        if (!done) return done.error();
        return std::optional(std::move(party));
    }

    Stored<bool> is_user(std::string_view name) {
        database_.within(kPatience);
        auto found = has_row(find_user_, name);
        if (!found || *found || name.find('@') == name.npos) return found;
        return has_row(find_address_, name);
    }

    Stored<std::vector<PartyName>> party_names(Subject kind, std::int64_t after, std::size_t most) {
        database_.within(kListPatience);
        std::vector<PartyName> names;
        Statement& statement = kind == Subject::customer ? customer_names_ : tag_names_;
        statement.bind(1, after).bind(2, static_cast<std::int64_t>(most));
        auto done = each_row(statement, [&] {
            names.push_back({statement.number(0), std::string(statement.text(1))});
        });
        if (!done) return done.error();
        return names;
    }

    Stored<std::int64_t> spent(const Spender& spender, const BudgetDuration& duration,
                               std::int64_t now_us) {
        database_.within(kPatience);
        LimitsRecord limits;
        limits.max_nano = 0;
        limits.duration = duration;
        auto done = read_spent(limits, spender, now_us);
        if (!done) return done.error();
        return limits.spent;
    }

    Stored<std::vector<std::uint64_t>> key_prefixes(std::uint64_t from, std::size_t most) {
        database_.within(kListPatience);
        std::array<std::uint8_t, 8> first{};
        for (std::size_t i = 0; i < first.size(); ++i) {
            first[i] = static_cast<std::uint8_t>(from >> (56 - 8 * i));
        }
        prefixes_.bind(1, first).bind(2, static_cast<std::int64_t>(most));
        return hashes_of(prefixes_);
    }
    Stored<std::vector<KeyPrefix>> prefixes_of(std::int64_t key, std::int64_t now_us) {
        database_.within(kPatience);
        std::vector<KeyPrefix> found;
        auto done = each_row(prefixes_of_.bind(1, key).bind(2, now_us), [&] {
            found.push_back({first_bytes(prefixes_of_.text(0)), prefixes_of_.number(1) != 0});
        });
        if (!done) return done.error();
        return found;
    }

    Stored<std::vector<ChangeRecord>> changes_after(std::int64_t seq, std::size_t most) {
        database_.within(kPatience);
        std::vector<ChangeRecord> changes;
        changes_.bind(1, seq).bind(2, static_cast<std::int64_t>(most));
        auto done = each_row(changes_, [&] {
            changes.push_back({changes_.number(0), static_cast<Subject>(changes_.number(1)),
                               changes_.number(2), changes_.number(3) == 0});
        });
        if (!done) return done.error();
        return changes;
    }
    Stored<std::int64_t> last_change() {
        database_.within(kPatience);
        return number_of(last_change_);
    }

  private:
    Statement sql(const std::string& text) { return {database_.handle(), text}; }

    static Stored<bool> has_row(Statement& statement, std::string_view name) {
        const auto row = statement.bind(1, name).step();
        const bool found = row && *row;
        statement.reset();
        if (!row) return row.error();
        return found;
    }

    static Failure unreadable() {
        return {Failure::Kind::corrupt, "a budget has a duration that is none"};
    }
    static bool has_money(const LimitsRecord& limits) {
        return limits.max_nano || limits.soft_nano;
    }

    // False: the duration cannot be read.
    static bool read_limits(const Statement& row, int column, LimitsRecord& limits) {
        limits.max_nano = optional_number(row, column);
        limits.soft_nano = optional_number(row, column + 1);
        limits.rpm = optional_number(row, column + 2);
        limits.tpm = optional_number(row, column + 3);
        limits.parallel = optional_number(row, column + 4);
        const auto duration = read_budget_duration(row.text(column + 5));
        if (duration) limits.duration = *duration;
        limits.extra_nano = row.number(column + 6);
        limits.extra_until = row.number(column + 7);
        limits.budget = row.number(column + 8);
        limits.doc = row.text(column + 9);
        return duration.has_value();
    }

    static void read_subject(const Statement& row, int column, SubjectRecord& subject) {
        subject.id = row.number(column);
        subject.name = row.text(column + 1);
        subject.alias = row.text(column + 2);
        subject.doc = row.text(column + 3);
    }

    // Without what was spent; the statement is left at its row.
    Stored<std::optional<KeyRecord>> read_key(const KeyHash& hash, std::int64_t now_us) {
        Statement& s = find_key_;
        const auto row = s.bind(1, hash).bind(2, now_us).step();
        if (!row) return row.error();
        if (!*row) return std::optional<KeyRecord>();
        KeyRecord key;
        key.hash = hash;
        key.id = s.number(0);
        key.name = s.text(1);
        key.alias = s.text(2);
        key.expires = optional_number(s, 3);
        key.blocked = s.number(4) != 0;
        key.session = s.number(5) != 0;
        key.doc = s.text(6);
        read_subject(s, 7, key.user);
        key.role = s.text(11);
        read_subject(s, 12, key.team);
        key.team.blocked = s.number(16) != 0;
        read_subject(s, 17, key.organization);
        key.replaced = optional_number(s, 21);
        int column = kLimitsOfKey;
        for (LimitsRecord* limits : {&key.limits, &key.user.limits, &key.team.limits,
                                     &key.organization.limits, &key.member}) {
            if (!read_limits(s, column, *limits)) return unreadable();
            column += kBudgetColumns;
        }
        return std::optional(std::move(key));
    }

    // True: there is such a row.
    static Stored<bool> read_party(Statement& statement, PartyRecord& party) {
        const auto row = statement.bind(1, party.name).step();
        const bool found = row && *row;
        bool read = true;
        if (found) {
            party.id = statement.number(0);
            party.blocked = statement.number(1) != 0;
            party.doc = statement.text(2);
            read = read_limits(statement, 3, party.limits);
        }
        statement.reset();
        if (!row) return row.error();
        if (!read) return unreadable();
        return found;
    }

    // True: there are some.
    static Stored<bool> tag_defaults(const PartyDefaults& defaults, std::string_view name,
                                     LimitsRecord& limits) {
        const auto found = defaults.tags.find(name);
        if (found == defaults.tags.end()) return false;
        limits.max_nano = found->second.max_nano;
        limits.duration = found->second.duration;
        return true;
    }

    Stored<bool> customer_defaults(const PartyDefaults& defaults, LimitsRecord& limits) {
        bool read = true;
        if (!defaults.budget_id.empty()) {
            const auto row = find_budget_.bind(1, defaults.budget_id).step();
            if (row && *row) read = read_limits(find_budget_, 1, limits);
            find_budget_.reset();
            if (!row) return row.error();
        }
        if (!read) return unreadable();
        if (defaults.customer_nano) limits.max_nano = defaults.customer_nano;
        return defaults.any_customer();
    }

    Stored<void> read_spent(LimitsRecord& limits, const Spender& spender, std::int64_t now_us) {
        limits.period = period_of(limits.duration, now_us);
        if (spender.counter) {
            const auto counter = identity(kCounters, spender.name);
            if (!counter) return counter.error();
            return read_spent(limits, kCounter, *counter, now_us);
        }
        if (spender.kind == Subject::customer) {
            const auto customer = identity(kCustomers, spender.name);
            if (!customer) return customer.error();
            return read_spent(limits, kCustomer, *customer, now_us);
        }
        return read_spent(limits, book_of(spender.kind), spender.row, now_us);
    }

    Stored<void> read_spent(LimitsRecord& limits, int book, std::int64_t subject,
                            std::int64_t now_us) {
        if (!has_money(limits) || subject == 0) return {};
        limits.period = period_of(limits.duration, now_us);
        Statement& sum = limits.duration.forever() ? posted_ : spent_;
        sum.bind(1, book).bind(2, subject);
        constexpr std::int64_t kMinute = 60'000'000;
        if (!limits.duration.forever()) {
            // A period that begins within a minute has the whole of it: rather too much than too little.
            sum.bind(3, limits.period.from / kMinute)
                .bind(4, (limits.period.until + kMinute - 1) / kMinute);
        }
        const auto spent = number_of(sum);
        if (!spent) return spent.error();
        limits.spent = *spent;
        return {};
    }

    Stored<std::int64_t> identity(int kind, std::string_view name) {
        return number_of(find_identity_.bind(1, kind).bind(2, name));
    }

    template <class Take>
    static Stored<void> each_row(Statement& statement, Take take) {
        while (true) {
            const auto row = statement.step();
            if (row && *row) {
                take();
                continue;
            }
            statement.reset();
            if (!row) return row.error();
            return {};
        }
    }

    static Stored<std::vector<std::uint64_t>> hashes_of(Statement& statement) {
        std::vector<std::uint64_t> found;
        auto done = each_row(statement, [&] { found.push_back(first_bytes(statement.text(0))); });
        if (!done) return done.error();
        return found;
    }

    Database database_;
    Statement find_key_, find_customer_, find_tag_, find_budget_, find_user_, find_address_,
        customer_names_, tag_names_, find_identity_, posted_, spent_, prefixes_, prefixes_of_,
        changes_, last_change_;
};

KeyReader::KeyReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
KeyReader::KeyReader(KeyReader&&) noexcept = default;
KeyReader& KeyReader::operator=(KeyReader&&) noexcept = default;
KeyReader::~KeyReader() = default;

Stored<KeyReader> KeyReader::open(const Address& address) {
    auto database = Database::open(address, Access::read_only);
    if (!database) return database.error();
    return KeyReader(std::make_unique<Impl>(std::move(*database)));
}

Stored<std::optional<KeyRecord>> KeyReader::find_key(const KeyHash& hash, std::int64_t now_us) {
    return impl_->find_key(hash, now_us);
}
Stored<std::optional<PartyRecord>> KeyReader::find_party(Subject kind, std::string_view name,
                                                         const PartyDefaults& defaults,
                                                         std::int64_t now_us) {
    return impl_->find_party(kind, name, defaults, now_us);
}
Stored<bool> KeyReader::is_user(std::string_view name) {
    return impl_->is_user(name);
}
Stored<std::vector<PartyName>> KeyReader::party_names(Subject kind, std::int64_t after,
                                                      std::size_t most) {
    return impl_->party_names(kind, after, most);
}
Stored<std::int64_t> KeyReader::spent(const Spender& spender, const BudgetDuration& duration,
                                      std::int64_t now_us) {
    return impl_->spent(spender, duration, now_us);
}
Stored<std::vector<std::uint64_t>> KeyReader::key_prefixes(std::uint64_t from, std::size_t most) {
    return impl_->key_prefixes(from, most);
}
Stored<std::vector<KeyPrefix>> KeyReader::prefixes_of(std::int64_t key, std::int64_t now_us) {
    return impl_->prefixes_of(key, now_us);
}
Stored<std::vector<ChangeRecord>> KeyReader::changes_after(std::int64_t seq, std::size_t most) {
    return impl_->changes_after(seq, most);
}
Stored<std::int64_t> KeyReader::last_change() {
    return impl_->last_change();
}

}  // namespace patchbay::store
