#include "engine/meter/pricing.hpp"

#include <algorithm>

namespace patchbay::meter {

std::shared_ptr<const RateCard> CardShelf::find(std::string_view provider,
                                                std::string_view model) const {
    const std::pair name(provider, model);
    {
        const std::lock_guard lock(mutex_);
        if (const auto known = cards_.find(name); known != cards_.end()) return known->second;
    }
    auto card = book_->find(provider, model, {});
    const std::lock_guard lock(mutex_);
    if (cards_.size() < kMost) cards_.emplace(Name(provider, model), card);
    return card;
}

std::shared_ptr<const RateCard> Pricing::card_for(std::string_view called,
                                                  std::string_view answered) const {
    if (card || !shelf) return card;
    for (const std::string_view model : {called, answered}) {
        if (model.empty()) continue;
        if (auto found = shelf->find(provider, model)) return found;
    }
    return nullptr;
}

bool Pricing::costs_nothing(std::string_view called) const {
    if (!told_cost.empty() || terms.margin_fixed != 0) return false;
    const auto its_card = card_for(called, {});
    if (!its_card) return free;
    const auto& rates = its_card->terms().rates;
    const auto is_zero = [](const Rate& rate) { return rate.rate == 0; };
    return its_card->standard(Dimension::text_in) != nullptr &&
           its_card->standard(Dimension::text_out) != nullptr &&
           std::all_of(rates.begin(), rates.end(), is_zero);
}

}  // namespace patchbay::meter
