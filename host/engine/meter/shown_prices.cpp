#include "engine/meter/shown_prices.hpp"

#include <string>

#include "engine/meter/price_fields.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::meter {

boost::json::value shown_rate(Atto rate) {
    return json_tree::number_from(DecimalText(rate, kAttoPlaces).view());
}

void show_prices(const RateCard& card, boost::json::object& info) {
    for (const Rate& rate : card.terms().rates) {
        const std::string name = rate.assumed ? std::string() : field_of_rate(rate);
        if (!name.empty()) info[name] = shown_rate(rate.rate);
    }
}

}  // namespace patchbay::meter
