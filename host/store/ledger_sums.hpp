// What a batch adds to the books, summed up.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "store/ledger_store.hpp"

namespace patchbay::store {

/// Subjects of the house's own accounts.
enum House { kNotHouse = 0, kHouse = 1 };
constexpr std::int64_t kMargin = -1;
constexpr std::int64_t kContra = -2;
constexpr std::int64_t kOpening = -3;  ///< openings.hpp

struct Sum {
    std::int64_t amount = 0;
    std::int64_t entries = 0;
};
/// By book, house, subject: house accounts come last of a book's.
using Postings = std::map<std::tuple<int, int, std::int64_t>, Sum>;

/// What the accounts of debtors were charged, by book, subject and minute.
using Minutes = std::map<std::tuple<int, std::int64_t, std::int64_t>, std::int64_t>;

/// The numbers of what a line names.
struct Numbers {
    std::int64_t key, group, model, deployment, provider, route, customer;
    std::int64_t member;  ///< 0 = the key is of no user in a team
};

struct Day {
    std::int64_t prompt = 0, completion = 0, cached = 0, written = 0, requests = 0, failed = 0,
                 cost = 0, charge = 0;
};
using Days = std::map<std::array<std::int64_t, 7>, Day>;

struct Origin;

/// Lines of one origin (origins.hpp), day and minute, which the books see as one.
struct Share {
    const Origin* of;
    std::int64_t day, minute;
    Day sums{};  ///< a correction is no request

    void add(const LedgerLine& line);
};

struct BatchSums {
    Postings postings;
    Minutes minutes;
    Days days;

    void add(const Share& share);
};

}  // namespace patchbay::store
