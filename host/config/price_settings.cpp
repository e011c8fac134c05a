// What `litellm_settings` says about money.
#include <cmath>

#include "config/sections.hpp"

namespace patchbay {

namespace {

constexpr double kMillionths = 1e6;
constexpr double kNano = 1e9;

// A share of 1, in millionths; 0 if there is none.
std::int64_t read_share(Reader& reader, const Entry& entry, double most) {
    std::optional<double> share;
    reader.read(entry, share);
    if (!share) return 0;
    if (*share > most) {
        reader.problems().error(entry.place(), entry.quoted() + ": `" + std::string(entry.name()) +
                                                   "` is a share of the cost: 0.05 is 5 %");
        return 0;
    }
    return std::llround(*share * kMillionths);
}

constexpr double kMostMargin = 1000;      // a thousandfold: beyond it sums might not fit
constexpr double kMostFixed = 1'000'000;  // dollars

PriceSettings::Margin read_margin(Reader& reader, const Entry& entry) {
    PriceSettings::Margin margin;
    if (entry.value->kind != yaml::Node::Kind::map) {
        margin.percentage_ppm = read_share(reader, entry, kMostMargin);
        return margin;
    }
    for (const yaml::Member& member : entry.value->members) {
        const Entry own{entry.section, member.key, member.value};
        if (own.name() == "percentage") {
            margin.percentage_ppm = read_share(reader, own, kMostMargin);
        } else if (own.name() == "fixed_amount") {
            std::optional<double> dollars;
            reader.read(own, dollars);
            if (dollars && *dollars <= kMostFixed) {
                margin.fixed_nano = std::llround(*dollars * kNano);
            } else if (dollars) {
                reader.wrong(own, "an amount of at most 1,000,000 dollars");
            }
        } else {
            reader.problems().error(
                member.key->place(),
                "`litellm_settings.cost_margin_config`: a margin is a number, or "
                "has `percentage` and `fixed_amount`");
        }
    }
    return margin;
}

constexpr std::string_view kDiscounts = "litellm_settings.cost_discount_config";
constexpr std::string_view kMargins = "litellm_settings.cost_margin_config";

}  // namespace

void read_discounts(Reader& reader, const Entry& entry, LitellmSettings& settings) {
    if (!reader.is_map(entry)) return;
    for (const yaml::Member& member : entry.value->members) {
        settings.prices.discount_ppm[member.key->text] =
            read_share(reader, {kDiscounts, member.key, member.value}, 1);
    }
}

void read_margins(Reader& reader, const Entry& entry, LitellmSettings& settings) {
    if (!reader.is_map(entry)) return;
    for (const yaml::Member& member : entry.value->members) {
        settings.prices.margins[member.key->text] =
            read_margin(reader, {kMargins, member.key, member.value});
    }
}

void read_unpriced_models(Reader& reader, const Entry& entry, LitellmSettings& settings) {
    std::string word;
    reader.read(entry, word);
    if (word.empty()) return;
    settings.prices.refuse_unpriced = settings.prices.refuse_unpriced || word == "refuse";
    if (word != "refuse" && word != "flag") reader.wrong(entry, "`flag` or `refuse`");
}

void read_block_unpriced(Reader& reader, const Entry& entry, LitellmSettings& settings) {
    std::optional<bool> block;
    reader.read(entry, block);
    if (block.value_or(false)) settings.prices.refuse_unpriced = true;
}

void read_price_table(Reader& reader, const Entry& entry, LitellmSettings& settings) {
    reader.read(entry, settings.prices.table);
    settings.prices.table_place = entry.place();
}

}  // namespace patchbay
