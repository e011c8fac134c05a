// The price table: which rates a model has on a day.
//
// The table that comes with the program is a text in the binary (config/prices.jsonl); an operator may have
// a file of the same form, whose rows go before. A text is searched as it stands, so tables cost no start-up
// and no heap, and of the binary only the pages that are looked at.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/meter/rate_card.hpp"

namespace patchbay::meter {

/// The table in the binary.
std::string_view embedded_prices();

/// What is wrong with a table ("line 3: it stands behind 'gpt-4o'"); empty if nothing is. Looks at the
/// order of all lines and into each.
std::string table_fault(std::string_view table);

/// The newest line for exactly this model (but for the case of ASCII letters) that holds on `day`;
/// empty = there is none.
std::string_view find_price(std::string_view table, std::string_view model, std::string_view day);

/// Immutable; any thread.
class PriceBook {
  public:
    /// `own` is the operator's table, in which nothing is wrong; it may be empty. `day` is the one whose
    /// prices hold, "2026-11-27".
    PriceBook(std::string own, std::string day);

    /// The prices of a provider's model: those of the operator for "provider/model", then for
    /// "model"; then those that come with the program, where names are found as in the catalogue.
    /// `region` is where it runs, if the deployment says so; prices of that region go first. nullptr =
    /// it has none.
    std::shared_ptr<const RateCard> find(std::string_view provider, std::string_view model,
                                         std::string_view region) const;

  private:
    std::shared_ptr<const RateCard> card(std::string_view table, std::string_view name) const;

    std::string own_;
    std::string day_;
};

/// A card of exactly these terms; its id is made of them.
std::shared_ptr<const RateCard> make_card(CardTerms terms);

}  // namespace patchbay::meter
