#include "engine/meter/price_book.hpp"

#include <charconv>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

#include "contract/crypto/crypto.hpp"
#include "engine/meter/embedded_pages.hpp"
#include "engine/meter/price_row.hpp"
#include "engine/models/catalogue.hpp"

// The assembler takes the file into the read-only data as it is. PATCHBAY_PRICES is its path
// (CMakeLists.txt).
__asm__(
    ".pushsection .rodata\n"
    ".local patchbay_prices_begin, patchbay_prices_end\n"
    "patchbay_prices_begin:\n"
    ".incbin \"" PATCHBAY_PRICES
    "\"\n"
    "patchbay_prices_end:\n"
    ".popsection\n");

extern "C" {
extern const char patchbay_prices_begin[];
extern const char patchbay_prices_end[];
}

namespace patchbay::meter {

namespace {

std::string_view line_at(std::string_view table, std::size_t begin) {
    return table.substr(begin, table.find('\n', begin) - begin);
}

// Where the line begins that `at` lies in.
std::size_t line_begin(std::string_view table, std::size_t at) {
    if (at == 0) return 0;
    const std::size_t before = table.rfind('\n', at - 1);
    return before == std::string_view::npos ? 0 : before + 1;
}

}  // namespace

std::string_view embedded_prices() {
    return {patchbay_prices_begin, patchbay_prices_end};
}

void forget_embedded_prices() {
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const std::string_view table = embedded_prices();
    const auto begin = reinterpret_cast<std::uintptr_t>(table.data());
    // Whole pages only: beside them other data stands.
    const std::uintptr_t first = (begin + page - 1) / page * page;
    const std::uintptr_t last = (begin + table.size()) / page * page;
    if (first < last) ::madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
}

std::string table_fault(std::string_view table) {
    RowKey last;
    std::size_t number = 0;
    for (std::size_t at = 0; at < table.size();) {
        ++number;
        const std::string_view line = line_at(table, at);
        at += line.size() + 1;
        const std::string place = "line " + std::to_string(number) + ": ";
        std::string what;
        if (!read_row(line, what)) return place + what;
        const RowKey key = key_of(line);
        if (key.model.empty() || key.from.empty()) {
            return place + "`model` and `from` must be its first members";
        }
        if (number > 1 && compare_keys(last, key) >= 0) {
            return place + "it must stand before '" + std::string(last.model) + "' of " +
                   std::string(last.from) + ", and once: lines are in the order of models and days";
        }
        last = key;
    }
    return {};
}

std::string_view find_price(std::string_view table, std::string_view model, std::string_view day) {
    // The last line that does not stand behind (model, day).
    std::string_view found;
    std::size_t low = 0;
    std::size_t high = table.size();
    while (low < high) {
        const std::size_t begin = std::max(low, line_begin(table, low + (high - low) / 2));
        const std::string_view line = line_at(table, begin);
        if (compare_keys(key_of(line), {model, day}) <= 0) {
            found = line;
            low = begin + line.size() + 1;
        } else {
            high = begin;
        }
    }
    const RowKey key = key_of(found);
    return compare_keys({key.model, day}, {model, day}) == 0 ? found : std::string_view();
}

PriceBook::PriceBook(std::string own, std::string day)
    : own_(std::move(own)), day_(std::move(day)) {}

std::shared_ptr<const RateCard> PriceBook::card(std::string_view table,
                                                std::string_view name) const {
    const std::string_view line = find_price(table, name, day_);
    std::string what;
    auto row = line.empty() ? std::nullopt : read_row(line, what);
    // A row without rates says that the model has no price any more.
    if (!row || row->terms.rates.empty()) return nullptr;
    return make_card(std::move(row->terms));
}

std::shared_ptr<const RateCard> PriceBook::find(std::string_view provider, std::string_view model,
                                                std::string_view region) const {
    const std::string name(model);
    const std::string prefixed = std::string(provider) + "/" + name;
    const std::string regional = std::string(provider) + "/" + std::string(region) + "/" + name;
    for (const std::string& own : {regional, prefixed, name}) {
        if (auto found = card(own_, own)) return found;
    }
    if (!region.empty()) {
        if (auto found = card(embedded_prices(), regional)) return found;
    }
    const auto known = find_model(provider, model);
    return known ? card(embedded_prices(), known->name) : nullptr;
}

std::shared_ptr<const RateCard> make_card(CardTerms terms) {
    const std::string hash = sha256_hex(write_terms(terms));
    constexpr std::size_t kDigits = 16;
    std::uint64_t id = 0;
    std::from_chars(hash.data(), hash.data() + kDigits, id, 16);
    return std::make_shared<const RateCard>(std::move(terms), id);
}

}  // namespace patchbay::meter
