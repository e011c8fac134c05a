#include "engine/meter/pricing.hpp"

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

}  // namespace patchbay::meter
