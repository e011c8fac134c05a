#include "app/reprice_command.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <iomanip>
#include <map>
#include <ostream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <openssl/rand.h>

#include "app/days.hpp"
#include "engine/meter/reprice.hpp"
#include "engine/records/ledger_entry.hpp"
#include "engine/world/deployment_prices.hpp"
#include "patchbay/json_tree.hpp"
#include "store/corrections.hpp"
#include "store/period.hpp"

namespace patchbay::app {

namespace json = boost::json;

namespace {

using Outcome = meter::NewPrice::Outcome;

constexpr std::chrono::hours kRepricePatience{1};
constexpr std::int64_t kUsualDays = 30;

struct Change {
    std::int64_t entries = 0, was = 0, becomes = 0;
};
struct Report {
    std::map<std::pair<std::int64_t, std::string>, Change> changes;  ///< by day and model
    std::int64_t same = 0, foreign = 0, unlike = 0, unpriced = 0;
};

std::string base_model(const Deployment& deployment) {
    const json::value* base = deployment.info_given.if_contains("base_model");
    const json::string* text = base ? base->if_string() : nullptr;
    return text ? std::string(*text) : std::string();
}

std::string region_of(const Deployment& deployment) {
    const json_tree::Tree params = json_tree::read(deployment.params);
    const json::object* object = params.value.if_object();
    const json::value* region = object ? object->if_contains("aws_region_name") : nullptr;
    const json::string* text = region ? region->if_string() : nullptr;
    return text ? std::string(*text) : std::string();
}

// What is known of a deployment besides what its entries say.
struct Known {
    const Deployment* deployment;
    std::string base, region;
};

class Repricing {
  public:
    Repricing(const Snapshot& world, const std::string& table) : repricer_(table) {
        for (const auto& deployment : world.deployments) {
            known_.emplace(deployment->id, Known{deployment.get(), base_model(*deployment),
                                                 region_of(*deployment)});
        }
    }

    // The correction that the entry needs; nullopt: none.
    std::optional<store::LedgerLine> look(const store::BookedEntry& entry, Report& report) {
        const bool cached = (entry.flags & LedgerEntry::kCacheHit) != 0;
        const bool absurd = (entry.flags & LedgerEntry::kAbsurd) != 0;
        // Nothing was owed, or the provider has told what.
        const bool free = entry.price == 0 && (entry.flags & LedgerEntry::kUnpriced) == 0;
        if (cached || absurd || free) {
            ++report.same;
            return std::nullopt;
        }
        const meter::NewPrice price = repricer_.price(attempt_of(entry));
        if (price.outcome == Outcome::foreign) ++report.foreign;
        if (price.outcome == Outcome::unlike) ++report.unlike;
        if (price.outcome == Outcome::unpriced) ++report.unpriced;
        if (price.outcome != Outcome::known) return std::nullopt;
        if (price.cost == entry.cost && price.charge == entry.charge) {
            ++report.same;
            return std::nullopt;
        }
        Change& change = report.changes[{entry.day, entry.model}];
        ++change.entries;
        change.was += entry.charge;
        change.becomes += price.charge;
        return store::correction_of(entry, static_cast<std::int64_t>(price.price), price.cost,
                                    price.charge);
    }

  private:
    meter::PastAttempt attempt_of(const store::BookedEntry& entry) const {
        meter::PastAttempt attempt;
        for (std::size_t i = 0; i < kUsageCounts.size(); ++i) {
            std::uint64_t count = 0;
            if (entry.usage.size() < (i + 1) * sizeof count) break;
            std::memcpy(&count, entry.usage.data() + i * sizeof count, sizeof count);
            attempt.usage.*kUsageCounts[i] = count;
        }
        attempt.tier = static_cast<ServiceTier>(entry.tier);
        attempt.status = entry.status;
        attempt.ended_us = entry.ended_us;
        attempt.price = static_cast<std::uint64_t>(entry.price);
        attempt.cost = entry.own_cost;
        attempt.charge = entry.own_charge;
        attempt.provider = entry.provider;
        // Entries name models as they are configured, with the provider before them.
        const std::string prefix = entry.provider + "/";
        if (entry.model.starts_with(prefix)) {
            attempt.models.push_back(entry.model.substr(prefix.size()));
        }
        attempt.models.push_back(entry.model);
        const auto found = known_.find(entry.deployment);
        if (found == known_.end()) return attempt;
        const Known& known = found->second;
        attempt.region = known.region;
        attempt.terms = known.deployment->pricing.terms;
        if (!known.base.empty()) attempt.models.insert(attempt.models.begin(), known.base);
        return attempt;
    }

    meter::Repricer repricer_;
    std::map<std::string, Known, std::less<>> known_;
};

json::value amount(std::int64_t nano) {
    return json_tree::number_from(meter::dollars(nano).view());
}

void tell_json(const Report& report, bool applied, std::ostream& out) {
    json::array changes;
    for (const auto& [where, change] : report.changes) {
        changes.push_back(json::object{{"date", store::date_of(where.first)},
                                       {"model", where.second},
                                       {"entries", change.entries},
                                       {"was", amount(change.was)},
                                       {"becomes", amount(change.becomes)},
                                       {"difference", amount(change.becomes - change.was)}});
    }
    out << json_tree::write(json::object{{"changes", std::move(changes)},
                                         {"applied", applied},
                                         {"unchanged", report.same},
                                         {"price_in_no_table", report.foreign},
                                         {"not_explained", report.unlike},
                                         {"without_price", report.unpriced}})
        << '\n';
}

void tell_table(const Report& report, bool applied, std::ostream& out) {
    std::int64_t all = 0;
    std::int64_t entries = 0;
    std::size_t widest = 5;
    for (const auto& [where, change] : report.changes) {
        widest = std::max(widest, where.second.size());
    }
    for (const auto& [where, change] : report.changes) {
        out << store::date_of(where.first) << "  " << std::left
            << std::setw(static_cast<int>(widest)) << where.second << "  " << change.entries
            << " entries  " << meter::dollars(change.was).view() << " -> "
            << meter::dollars(change.becomes).view() << " $  ("
            << meter::dollars(change.becomes - change.was).view() << ")\n";
        all += change.becomes - change.was;
        entries += change.entries;
    }
    out << entries << " entries " << (applied ? "were corrected" : "would change") << ", by "
        << meter::dollars(all).view() << " $ together; " << report.same << " stay as they are\n";
    if (report.foreign > 0) {
        out << report.foreign
            << " were made with a price that is in no table (a deployment's own): "
            << "left as they are\n";
    }
    if (report.unlike > 0) {
        out << report.unlike
            << " cost something else than their price makes of them (other discounts or "
            << "margins than those of the configuration): left as they are\n";
    }
    if (report.unpriced > 0) out << report.unpriced << " have no price on their day\n";
    if (!applied && entries > 0) out << "nothing was written; --apply posts the corrections\n";
}

}  // namespace

bool reprice_spend(const RepriceAsk& ask, const Snapshot& world, std::ostream& out) {
    const auto last = ask.until.empty() ? std::optional(today()) : read_day(ask.until);
    const auto first =
        ask.from.empty() && last ? std::optional(*last - kUsualDays) : read_day(ask.from);
    if (!first || !last || *first > *last) {
        out << "--from and --to are days, like 2026-11-27, the first not behind the other\n";
        return false;
    }
    if (ask.store.empty()) {
        out << "the configuration has no general_settings.database_url\n";
        return false;
    }
    std::string table;
    const std::string& file = world.config.litellm.prices.table;
    const std::string fault = file.empty() ? "" : read_price_table_file(file, table);
    if (!fault.empty()) {
        out << file << ": " << fault << '\n';
        return false;
    }
    auto books = store::LedgerStore::open(ask.store);
    const auto failed = [&](const store::Failure& failure) {
        out << ask.store.shown() << ": " << failure.text << '\n';
        return false;
    };
    if (!books) return failed(books.error());
    books->database().within(kRepricePatience);
    store::LedgerSource source;
    if (RAND_bytes(source.epoch.data(), static_cast<int>(source.epoch.size())) != 1) {
        out << "the system gives no random numbers\n";
        return false;
    }
    Repricing repricing(world, table);
    Report report;
    std::int64_t seq = 0;
    store::EntryPage page{.from = *first, .until = *last + 1, .model = ask.model};
    store::BookedEntry after;
    while (true) {
        const auto entries = store::booked_entries(books->database(), page);
        if (!entries) return failed(entries.error());
        source.lines.clear();
        for (const store::BookedEntry& entry : *entries) {
            auto line = repricing.look(entry, report);
            if (!line || !ask.apply) continue;
            line->seq = ++seq;
            source.lines.push_back(*line);
        }
        if (!source.lines.empty()) {
            auto posted = books->correct(source);
            if (!posted) return failed(posted.error());
        }
        if (static_cast<std::int64_t>(entries->size()) < page.limit) break;
        after = entries->back();
        page.after = &after;
    }
    if (ask.json) {
        tell_json(report, ask.apply, out);
    } else {
        tell_table(report, ask.apply, out);
    }
    return true;
}

}  // namespace patchbay::app
