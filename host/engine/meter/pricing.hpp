// What a deployment's calls cost: its card, found when the world is built, and the operator's terms.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "engine/meter/cost.hpp"
#include "engine/meter/price_book.hpp"

namespace patchbay::meter {

/// Cards of models whose names only a call knows: those of a deployment whose model holds a '*', and those
/// that an answer names. Any thread; a look takes an uncontended lock and, the first time, searches the
/// table.
class CardShelf {
  public:
    /// So many names are remembered; others are looked up each time, as clients make them up.
    static constexpr std::size_t kMost = 1024;

    explicit CardShelf(std::shared_ptr<const PriceBook> book) : book_(std::move(book)) {}

    /// nullptr = the model has no price.
    std::shared_ptr<const RateCard> find(std::string_view provider, std::string_view model) const;

  private:
    using Name = std::pair<std::string, std::string>;  ///< provider and model
    struct Before {
        using is_transparent = void;
        bool operator()(const auto& a, const auto& b) const {
            const int models = std::string_view(a.second).compare(b.second);
            return models != 0 ? models < 0 : std::string_view(a.first) < b.first;
        }
    };

    std::shared_ptr<const PriceBook> book_;
    mutable std::mutex mutex_;
    mutable std::map<Name, std::shared_ptr<const RateCard>, Before> cards_;
};

/// Part of a deployment; immutable.
struct Pricing {
    std::shared_ptr<const RateCard> card;    ///< nullptr: not known before a call, or never
    std::shared_ptr<const CardShelf> shelf;  ///< for those; nullptr only in tests
    std::string provider;                    ///< by whose name the shelf is asked
    Terms terms;
    /// Where in an answer's usage the provider says what it costs, which goes before the card
    /// (told_cost.hpp); empty: it does not, or is not believed.
    std::string told_cost;
    bool free = false;  ///< answers come from the gateway: without a card nothing is unpriced

    /// The card for a model that is `called` so, or else for the one that the answer names. nullptr: none
    /// of them has a price.
    std::shared_ptr<const RateCard> card_for(std::string_view called,
                                             std::string_view answered) const;

    /// Does a call cost nothing, whatever it uses? Then all prices are 0, those of what is asked and what is answered
    /// among them, and the operator adds no margin. A model without a price may cost something, and so may one whose
    /// provider tells the cost.
    bool costs_nothing(std::string_view called) const;
};

}  // namespace patchbay::meter
