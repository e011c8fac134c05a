#include "app/prices_command.hpp"

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <ostream>
#include <sstream>

#include "contract/unix_time.hpp"
#include "engine/meter/price_book.hpp"
#include "engine/meter/price_import.hpp"

namespace patchbay::app {

namespace {

constexpr std::size_t kMostShown = 20;

std::optional<std::string> read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    std::ostringstream text;
    text << file.rdbuf();
    return file.bad() ? std::nullopt : std::optional(std::move(text).str());
}

// All or nothing: the new text takes the place of the old one when it is whole.
bool replace_file(const std::string& path, const std::string& text) {
    const std::string beside = path + ".new";
    {
        std::ofstream file(beside, std::ios::binary | std::ios::trunc);
        file << text;
        file.flush();
        if (!file) return false;
    }
    std::error_code failed;
    std::filesystem::rename(beside, path, failed);
    return !failed;
}

void tell_list(std::ostream& out, const char* what, const std::vector<std::string>& names) {
    if (names.empty()) return;
    out << names.size() << ' ' << what << '\n';
    for (std::size_t i = 0; i < names.size() && i < kMostShown; ++i)
        out << "  " << names[i] << '\n';
    if (names.size() > kMostShown) out << "  and " << names.size() - kMostShown << " more\n";
}

void tell_counts(std::ostream& out, const char* what,
                 const std::map<std::string, std::size_t>& counts) {
    for (const auto& [name, count] : counts) {
        out << what << " `" << name << "`: in " << count << (count == 1 ? " model\n" : " models\n");
    }
}

std::vector<std::string> texts_of(const std::vector<meter::PriceDiff::Change>& changes) {
    std::vector<std::string> texts;
    for (const auto& change : changes) {
        std::array<char, 32> percent{};
        if (std::isinf(change.percent)) {
            std::snprintf(percent.data(), percent.size(), "new");
        } else {
            std::snprintf(percent.data(), percent.size(), "%+.1f %%", change.percent);
        }
        texts.push_back(change.model + ": " + change.rate + " " + percent.data());
    }
    return texts;
}

std::string date_of_today() {
    return meter::day_of(unix_us());
}

}  // namespace

bool import_prices(const PricesImport& wanted, std::ostream& out) {
    const std::string from = wanted.from.empty() ? date_of_today() : wanted.from;
    if (!meter::is_day(from)) {
        out << "--from must be a day like 2026-11-27, not '" << from << "'\n";
        return false;
    }
    const auto json = read_file(wanted.map);
    if (!json) {
        out << wanted.map << ": cannot be read\n";
        return false;
    }
    meter::PriceMap map;
    if (!meter::read_price_map(*json, map)) {
        out << wanted.map
            << ": this is no price map, a JSON object with an object for each model\n";
        return false;
    }
    std::string table;
    if (std::filesystem::exists(wanted.table)) {
        auto text = read_file(wanted.table);
        const std::string fault = text ? meter::table_fault(*text) : "it cannot be read";
        if (!fault.empty()) {
            out << wanted.table << ": " << fault << '\n';
            return false;
        }
        table = std::move(*text);
    }
    const meter::PriceDiff diff = meter::merge_prices(table, map, from, "litellm");
    tell_list(out, "models are new", diff.added);
    tell_list(out, "models change", texts_of(diff.changed));
    tell_list(out, "models of the table are not in the map; their prices stay", diff.gone);
    out << diff.same << " models are as they were; " << map.without_price
        << " of the map have no price\n";
    tell_counts(out, "no money here:", map.no_money);
    tell_counts(out, "not known:", map.unknown);
    tell_counts(out, "NOT KNOWN, and it looks like a price:", map.unknown_prices);
    tell_list(out, "prices have more than 18 decimals and were rounded", map.rounded);
    tell_list(out, "members were refused", map.refused);
    if (wanted.strict && !(map.unknown_prices.empty() && map.refused.empty())) {
        out << "nothing was written: with --strict every price must be known\n";
        return false;
    }
    if (wanted.dry_run) return true;
    if (!replace_file(wanted.table, diff.table)) {
        out << wanted.table << ": cannot be written\n";
        return false;
    }
    return true;
}

}  // namespace patchbay::app
