#include "store/ledger_store.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>
#include <utility>

#include "contract/unix_time.hpp"
#include "store/bind.hpp"
#include "store/entry_writer.hpp"
#include "store/ledger_books.hpp"
#include "store/ledger_rules.hpp"
#include "store/ledger_sums.hpp"
#include "store/migrations.hpp"
#include "store/origins.hpp"
#include "store/retention.hpp"

namespace patchbay::store {

class LedgerStore::Impl {
  public:
    explicit Impl(Database opened)
        : database(std::move(opened)),
          origins_(database),
          entries_(database),
          source_(sql("INSERT INTO source(epoch, ring, last_seq) VALUES(?, ?, 0) ON "
                      "CONFLICT(epoch, ring) DO UPDATE SET last_seq = source.last_seq RETURNING "
                      "id, last_seq")),
          move_source_(sql("UPDATE source SET last_seq = ? WHERE id = ?")),
          add_batch_(
              sql("INSERT INTO batch(entries, charge, posted_at, first_day) VALUES(?, ?, ?, ?) "
                  "RETURNING id")),
          add_range_(sql("INSERT INTO seq_range VALUES(?, ?, ?, ?)")),
          add_account_(sql(
              "INSERT INTO account(book, house, subject, posted, entries) VALUES(?, ?, ?, ?, ?) "
              "ON CONFLICT(book, house, subject) DO UPDATE SET "
              "posted = account.posted + excluded.posted, entries = account.entries + "
              "excluded.entries "
              "RETURNING id")),
          add_posting_(sql("INSERT INTO posting VALUES(?, ?, ?, ?, ?, ?)")),
          add_day_(sql(
              "INSERT INTO daily VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(day, key, "
              "model_group, model, deployment, provider, route) DO UPDATE SET "
              "prompt = daily.prompt + excluded.prompt, completion = daily.completion + "
              "excluded.completion, cached = daily.cached + excluded.cached, written = "
              "daily.written + excluded.written, requests = daily.requests + excluded.requests, "
              "failed = daily.failed + excluded.failed, cost = daily.cost + excluded.cost, charge "
              "= daily.charge + excluded.charge")),
          add_minute_(
              sql("INSERT INTO spend_minute VALUES(?, ?, ?) ON CONFLICT(account, minute) DO "
                  "UPDATE SET charge = spend_minute.charge + excluded.charge")),
          add_poison_(
              sql("INSERT INTO poison VALUES(?, ?, ?, ?, ?) ON CONFLICT(source, seq) DO UPDATE "
                  "SET bytes = excluded.bytes, reason = excluded.reason, at = excluded.at")),
          make_day_(sql("SELECT make_day(?)")) {}

    Statement sql(std::string_view text) { return {database.handle(), text}; }

    // What is not posted yet, in one transaction.
    Stored<void> post(const std::vector<LedgerSource>& sources) {
        origins_.trim();
        auto done = try_to_post(sources);
        if (!done) origins_.forget();
        return done;
    }

    Stored<void> try_to_post(const std::vector<LedgerSource>& sources) {
        if (auto made = make_days(sources); !made) return made;
        auto transaction = Transaction::begin(database, Lock::posting);
        if (!transaction) return transaction.error();
        const auto closed = last_closed_day(database);
        if (!closed) return closed.error();
        std::vector<std::pair<std::int64_t, std::span<const LedgerLine>>> fresh;
        std::int64_t entries = 0;
        std::int64_t charge = 0;
        std::int64_t first_day = std::numeric_limits<std::int64_t>::max();
        for (const LedgerSource& source : sources) {
            auto known = source_of(source);
            if (!known) return known.error();
            const std::int64_t id = known->first;
            const std::int64_t last = known->second;
            const auto begin = std::find_if(source.lines.begin(), source.lines.end(),
                                            [&](const LedgerLine& l) { return l.seq > last; });
            const std::span<const LedgerLine> lines(begin, source.lines.end());
            if (lines.empty()) continue;
            fresh.emplace_back(id, lines);
            entries += static_cast<std::int64_t>(lines.size());
            for (const LedgerLine& line : lines) {
                charge += line.charge;
                first_day = std::min(first_day, line.day());
            }
        }
        if (fresh.empty()) return {};
        if (first_day <= *closed) {
            return Failure{Failure::Kind::conflict, "the day of an entry is closed"};
        }
        auto batch = number_of(
            add_batch_.bind(1, entries).bind(2, charge).bind(3, unix_us()).bind(4, first_day));
        if (!batch) return batch.error();
        std::vector<Share> shares;
        std::vector<Booked> booked;
        booked.reserve(static_cast<std::size_t>(entries));
        for (const auto& [source, lines] : fresh) {
            for (const LedgerLine& line : lines) {
                const auto origin = origins_.of(line);
                if (!origin) return origin.error();
                booked.push_back({&line, *origin});
                share_of(line, **origin, *batch, shares).add(line);
            }
            auto done = add_range_.bind(1, source)
                            .bind(2, lines.front().seq)
                            .bind(3, lines.back().seq)
                            .bind(4, *batch)
                            .run();
            if (!done) return done.error();
            done = move_source_.bind(1, lines.back().seq).bind(2, source).run();
            if (!done) return done.error();
        }
        if (auto done = entries_.write(booked, *batch); !done) return done.error();
        BatchSums sums;
        for (const Share& share : shares) sums.add(share);
        if (auto done = write(sums.days); !done) return done.error();
        if (auto done = write(sums.postings, sums.minutes, *batch); !done) return done.error();
        return transaction->commit();
    }

    // One line that can never be posted: kept as it is, and counted as posted.
    Stored<void> poison(const LedgerSource& source, const LedgerLine& line,
                        const std::string& reason) {
        auto transaction = Transaction::begin(database);
        if (!transaction) return transaction.error();
        auto known = source_of(source);
        if (!known) return known.error();
        if (line.seq <= known->second) return {};
        auto batch =
            number_of(add_batch_.bind(1, 0).bind(2, 0).bind(3, unix_us()).bind(4, line.day()));
        if (!batch) return batch.error();
        auto done = add_range_.bind(1, known->first)
                        .bind(2, line.seq)
                        .bind(3, line.seq)
                        .bind(4, *batch)
                        .run();
        if (!done) return done.error();
        const std::string text = describe(line);
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
        done = add_poison_.bind(1, known->first)
                   .bind(2, line.seq)
                   .bind(3, std::span(bytes, text.size()))
                   .bind(4, reason)
                   .bind(5, unix_us())
                   .run();
        if (!done) return done.error();
        done = move_source_.bind(1, line.seq).bind(2, known->first).run();
        if (!done) return done.error();
        return transaction->commit();
    }

    Database database;

  private:
    static std::string describe(const LedgerLine& line) {
        return "call " + std::string(line.client_call) + ", attempt " +
               std::to_string(line.attempt) + ", deployment " + std::string(line.deployment) +
               ", charge " + std::to_string(line.charge);
    }

    // Where entries are partitioned by day; not within the transaction that needs them, which may last.
    Stored<void> make_days(const std::vector<LedgerSource>& sources) {
        if (!database.dialect().partitioned) return {};
        for (const LedgerSource& source : sources) {
            for (const LedgerLine& line : source.lines) {
                if (days_made_.contains(line.day())) continue;
                const auto made = make_day_.bind(1, line.day()).step();
                make_day_.reset();
                if (!made) return made.error();
                days_made_.insert(line.day());
            }
        }
        return {};
    }

    // Its number and what it has posted. The row stays locked until the end of the transaction: a process that was
    // killed may have left one that the server is still about to commit.
    Stored<std::pair<std::int64_t, std::int64_t>> source_of(const LedgerSource& source) {
        const auto row = source_.bind(1, source.epoch).bind(2, source.ring).step();
        std::pair<std::int64_t, std::int64_t> known;
        if (row && *row) known = {source_.number(0), source_.number(1)};
        source_.reset();
        if (!row) return row.error();
        return known;
    }

    // What a line is a part of, in the batch.
    static Share& share_of(const LedgerLine& line, Origin& origin, std::int64_t batch,
                           std::vector<Share>& shares) {
        const bool as_last = origin.batch == batch && shares[origin.share].day == line.day() &&
                             shares[origin.share].minute == line.minute();
        if (!as_last) {
            origin.batch = batch;
            origin.share = shares.size();
            shares.push_back({&origin, line.day(), line.minute()});
        }
        return shares[origin.share];
    }

    Stored<void> write(const Days& days) {
        for (const auto& [key, day] : days) {
            int place = 0;
            for (const std::int64_t part : key) add_day_.bind(++place, part);
            for (const std::int64_t sum : {day.prompt, day.completion, day.cached, day.written,
                                           day.requests, day.failed, day.cost, day.charge}) {
                add_day_.bind(++place, sum);
            }
            if (auto done = add_day_.run(); !done) return done.error();
        }
        return {};
    }

    Stored<void> write(const Postings& postings, const Minutes& minutes, std::int64_t batch) {
        auto minute = minutes.begin();
        for (const auto& [key, sum] : postings) {
            const auto [book, house, subject] = key;
            auto account = number_of(add_account_.bind(1, book)
                                         .bind(2, house)
                                         .bind(3, subject)
                                         .bind(4, sum.amount)
                                         .bind(5, sum.entries));
            if (!account) return account.error();
            add_posting_.bind(1, batch).bind(2, *account).bind(3, book).bind(4, house);
            auto done = add_posting_.bind(5, sum.amount).bind(6, sum.entries).run();
            if (!done) return done.error();
            if (house == kHouse) continue;
            const auto of = std::pair(book, subject);
            const auto about = [&](auto at) {
                return std::pair(std::get<0>(at->first), std::get<1>(at->first));
            };
            for (; minute != minutes.end() && about(minute) <= of; ++minute) {
                const std::int64_t when = std::get<2>(minute->first);
                done = add_minute_.bind(1, *account).bind(2, when).bind(3, minute->second).run();
                if (!done) return done.error();
            }
        }
        return {};
    }

    Origins origins_;
    EntryWriter entries_;
    Statement source_, move_source_, add_batch_, add_range_, add_account_, add_posting_, add_day_,
        add_minute_, add_poison_, make_day_;
    std::set<std::int64_t> days_made_;
};

LedgerStore::LedgerStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LedgerStore::LedgerStore(LedgerStore&&) noexcept = default;
LedgerStore& LedgerStore::operator=(LedgerStore&&) noexcept = default;
LedgerStore::~LedgerStore() = default;

Stored<LedgerStore> LedgerStore::open(const Address& address) {
    auto database = Database::open(address);
    if (!database) return database.error();
    if (auto done = migrate(*database); !done) return done.error();
    return LedgerStore(std::make_unique<Impl>(std::move(*database)));
}

Stored<void> LedgerStore::post(const std::vector<LedgerSource>& sources) {
    auto done = impl_->post(sources);
    if (done || done.error().kind != Failure::Kind::conflict) return done;
    // Some line is at fault: halves, until it stands alone.
    for (const LedgerSource& source : sources) {
        if (source.lines.size() == 1) {
            if (auto single = impl_->post({source}); single) continue;
            auto set_aside = impl_->poison(source, source.lines.front(), done.error().text);
            if (!set_aside) return set_aside;
            continue;
        }
        const auto middle =
            source.lines.begin() + static_cast<std::ptrdiff_t>(source.lines.size() / 2);
        for (const auto& [begin, end] :
             {std::pair(source.lines.begin(), middle), std::pair(middle, source.lines.end())}) {
            if (begin == end) continue;
            auto half = post({LedgerSource{source.epoch, source.ring, {begin, end}}});
            if (!half) return half;
        }
    }
    return {};
}

Stored<void> LedgerStore::correct(const LedgerSource& source) {
    return impl_->post({source});
}

Stored<std::int64_t> LedgerStore::posted(const Bytes16& epoch, int ring) {
    Statement find(impl_->database.handle(),
                   "SELECT last_seq FROM source WHERE epoch = ? AND ring = ?");
    const auto row = find.bind(1, epoch).bind(2, ring).step();
    if (!row) return row.error();
    return *row ? find.number(0) : 0;
}

Stored<std::vector<Violation>> LedgerStore::check() {
    std::vector<Violation> found;
    for (const LedgerRule& rule : ledger_rules()) {
        if (rule.of_origins && !impl_->database.dialect().origins) continue;
        Statement statement(impl_->database.handle(), rule.sql);
        while (true) {
            const auto row = statement.step();
            if (!row) return row.error();
            if (!*row) break;
            found.push_back({std::string(rule.name), statement.number(0)});
        }
    }
    return found;
}

Stored<LedgerTotals> LedgerStore::totals() {
    Statement sum(impl_->database.handle(),
                  "SELECT (SELECT COUNT(*) FROM entry), (SELECT COUNT(*) FROM batch), "
                  "(SELECT COALESCE(SUM(cost), 0) FROM entry), "
                  "(SELECT COALESCE(SUM(charge), 0) FROM entry), (SELECT COUNT(*) FROM poison)");
    const auto row = sum.step();
    if (!row) return row.error();
    return LedgerTotals{sum.number(0), sum.number(1), sum.number(2), sum.number(3), sum.number(4)};
}

Database& LedgerStore::database() {
    return impl_->database;
}

}  // namespace patchbay::store
