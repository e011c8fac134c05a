#include "gateway/spend_pages.hpp"

#include <array>
#include <limits>
#include <optional>

#include <boost/json.hpp>

#include "contract/shape/shape.hpp"
#include "contract/shape/text_size.hpp"
#include "engine/router/router.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::gateway {

namespace json = boost::json;

namespace {

// What is charged for a model, and by which name.
struct Priced {
    std::shared_ptr<const meter::RateCard> card;
    meter::Terms terms;
    std::string provider;

    meter::Cost cost(const Usage& usage) const {
        const meter::Circumstances how{meter::tier_of(usage.tier), usage.prompt, 0, 0};
        return meter::cost_of(*card, meter::counts_of(usage, true).list(), how, terms);
    }
};

// A model of the configuration, else one of the table of prices.
Result<Priced> find_priced(const Snapshot& snapshot, std::string_view model) {
    const meter::CardShelf* shelf = nullptr;
    for (const auto& deployment : snapshot.deployments) {
        if (deployment->pricing.shelf) shelf = deployment->pricing.shelf.get();
    }
    const std::size_t slash = model.find('/');
    const std::string_view name = slash == model.npos ? model : model.substr(slash + 1);
    if (const auto route = resolve_model(snapshot, model, "/cost/estimate")) {
        for (const Deployment* deployment : route->group->deployments) {
            const meter::Pricing& pricing = deployment->pricing;
            if (auto card = pricing.card_for(name, model)) {
                return Priced{std::move(card), pricing.terms, pricing.provider};
            }
        }
    }
    const std::string_view provider = slash == model.npos ? "" : model.substr(0, slash);
    if (shelf) {
        for (const auto& [by, called] :
             {std::pair(provider, name), std::pair(std::string_view(), model)}) {
            if (auto card = shelf->find(by, called)) {
                return Priced{std::move(card), {}, std::string(by)};
            }
        }
    }
    Error error =
        bad_request("The model '" + json_tree::to_utf8(std::string(model)) +
                        "' has no price: it is neither configured here nor in the table of "
                        "prices.",
                    "model");
    error.cls = ErrorClass::not_found;
    return error;
}

Result<json::object> read_object(std::string_view body) {
    json_tree::Tree tree = json_tree::read(body);
    if (!tree) return bad_request("The body is not valid JSON: " + tree.error() + ".", "");
    if (!tree.value.is_object()) return bad_request("The body must be a JSON object.", "");
    return std::move(tree.value.get_object());
}

Result<std::string> read_text(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (!value || !value->is_string()) {
        return bad_request("'" + std::string(name) + "' must be a string.", std::string(name));
    }
    return std::string(value->get_string());
}

constexpr std::int64_t kMostCount = 1'000'000'000'000;

// nullopt: it is not given.
Result<std::optional<std::int64_t>> read_count(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (!value || value->is_null()) return std::optional<std::int64_t>();
    boost::system::error_code not_whole;
    const auto number = value->is_number() ? value->to_number<std::int64_t>(not_whole) : -1;
    if (not_whole || number < 0 || number > kMostCount) {
        return bad_request("'" + std::string(name) + "' must be a whole number from 0 to 10^12.",
                           std::string(name));
    }
    return std::optional(number);
}

// A rate in dollars a token; null if there is none.
json::value rate_json(const meter::RateCard& card, meter::Dimension dimension) {
    const meter::Rate* rate = card.standard(dimension);
    if (!rate) return nullptr;
    return std::stod(std::string(meter::DecimalText(rate->rate, meter::kAttoPlaces).view()));
}

// Dollars for so many requests; sums that 64 bits do not hold are shown as doubles all the same.
double times(meter::Amount amount, std::int64_t requests) {
    constexpr double kNano = 1e9;
    const auto product = static_cast<meter::Int128>(amount) * requests;
    const bool exact = product <= std::numeric_limits<meter::Amount>::max();
    return exact ? meter::as_double(static_cast<meter::Amount>(product))
                 : static_cast<double>(product) / kNano;
}

void add_costs(json::object& answer, std::string_view prefix, std::string_view suffix,
               const meter::Cost& cost, const std::optional<std::int64_t>& requests) {
    const meter::Amount input = cost.part(meter::Part::input);
    const meter::Amount output = cost.part(meter::Part::output);
    for (const auto& [part, amount] :
         {std::pair("cost", cost.charge), std::pair("input_cost", input),
          std::pair("output_cost", output), std::pair("margin_cost", cost.margin())}) {
        const std::string name = std::string(prefix) + part + std::string(suffix);
        answer[name] = requests ? json::value(times(amount, *requests)) : json::value(nullptr);
    }
}

Page json_page(const json::object& answer) {
    Page page;
    page.body = json_tree::write(answer);
    return page;
}

}  // namespace

Result<Page> estimate_cost(const Snapshot& snapshot, std::string_view body) {
    auto object = read_object(body);
    if (!object) return object.error();
    const auto model = read_text(*object, "model");
    if (!model) return model.error();
    std::array<std::optional<std::int64_t>, 4> counts;
    constexpr std::array<std::string_view, 4> kNames{
        "input_tokens", "output_tokens", "num_requests_per_day", "num_requests_per_month"};
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        auto count = read_count(*object, kNames[i]);
        if (!count) return count.error();
        if (!*count && i < 2) {
            return bad_request("'" + std::string(kNames[i]) + "' is missing.",
                               std::string(kNames[i]));
        }
        counts[i] = *count;
    }
    const auto priced = find_priced(snapshot, *model);
    if (!priced) return priced.error();
    Usage usage;
    usage.prompt = static_cast<std::uint64_t>(*counts[0]);
    usage.completion = static_cast<std::uint64_t>(*counts[1]);
    const meter::Cost cost = priced->cost(usage);
    json::object answer{{"model", json_tree::to_utf8(*model)},
                        {"input_tokens", *counts[0]},
                        {"output_tokens", *counts[1]},
                        {"num_requests_per_day", nullptr},
                        {"num_requests_per_month", nullptr}};
    if (counts[2]) answer["num_requests_per_day"] = *counts[2];
    if (counts[3]) answer["num_requests_per_month"] = *counts[3];
    add_costs(answer, "", "_per_request", cost, 1);
    add_costs(answer, "daily_", "", cost, counts[2]);
    add_costs(answer, "monthly_", "", cost, counts[3]);
    answer["input_cost_per_token"] = rate_json(*priced->card, meter::Dimension::text_in);
    answer["output_cost_per_token"] = rate_json(*priced->card, meter::Dimension::text_out);
    answer["provider"] = priced->provider.empty() ? json::value(nullptr)
                                                  : json::value(json::string(priced->provider));
    return json_page(answer);
}

Result<Page> calculate_spend(const Snapshot& snapshot, std::string_view body) {
    auto object = read_object(body);
    if (!object) return object.error();
    Usage usage;
    std::string model;
    const auto* response = object->if_contains("completion_response");
    const auto* named = object->if_contains("model");
    if (named && !named->is_null()) {
        const auto text = read_text(*object, "model");
        if (!text) return text.error();
        model = *text;
        const auto* messages = object->if_contains("messages");
        if (!messages || !messages->is_array()) {
            return bad_request("'messages' must be a list if 'model' is given.", "messages");
        }
        usage.prompt = estimated_tokens(text_size(json_tree::write(*messages)));
    } else if (response && response->is_object()) {
        const auto text = read_text(response->get_object(), "model");
        if (!text) return text.error();
        model = *text;
        const auto* told = response->get_object().if_contains("usage");
        if (!told || !kChatShape.read_usage(json_tree::write(*told), usage)) {
            return bad_request("'completion_response' has no usage.", "completion_response");
        }
    } else {
        return bad_request("Either 'model' or 'completion_response' must be provided.", "model");
    }
    const auto priced = find_priced(snapshot, model);
    if (!priced) return priced.error();
    return json_page({{"cost", meter::as_double(priced->cost(usage).charge)}});
}

}  // namespace patchbay::gateway
