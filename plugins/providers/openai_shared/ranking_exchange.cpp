#include "ranking_exchange.hpp"

#include <algorithm>

#include "patchbay/operations.h"
#include "patchbay/sdk/percent.hpp"
#include "upstream.hpp"

namespace patchbay::openai {

namespace {

// The segments of the model's name stay segments of the path, whatever else is in them.
std::string with_model(std::string path, std::string_view model) {
    constexpr std::string_view kModel = "{model}";
    const auto at = path.find(kModel);
    if (at == std::string::npos) return path;
    std::string segments;
    for (std::size_t begin = 0; begin <= model.size();) {
        const auto end = std::min(model.find('/', begin), model.size());
        const auto segment = model.substr(begin, end - begin);
        // A name of dots alone would lead elsewhere.
        const bool dots = segment.find_first_not_of('.') == std::string_view::npos;
        if (begin > 0) segments += '/';
        segments += dots ? "_" : bay::percent_encoded(segment);
        begin = end + 1;
    }
    return path.replace(at, kModel.size(), segments);
}

}  // namespace

RankingExchange::RankingExchange(const Dialect& dialect)
    : TranslatedExchange(dialect, BAY_DECODE_BUFFER) {}

Written<Translated> RankingExchange::translate(const bay_ev_request& request,
                                               std::string_view) const {
    const OperationRule* rule = dialect_.find(BAY_OP_RERANK);
    const RankingForm* form = find_ranking_form(rule->form);
    std::string_view model = bay::sv(request.target->model);
    auto ranking = shared::Ranking::read(bay::sv(request.json));
    if (!ranking) return refusal_of(ranking.error());
    const bool direct = !form->direct.empty() && model.starts_with(form->direct);
    if (direct) model.remove_prefix(form->direct.size());
    auto documents = told_documents(*ranking, *form);
    const std::uint64_t most = ranking->most();
    auto body = write_ranking(*ranking, *form, model);
    if (!body) return body.error();
    const std::string path =
        direct ? std::string(form->direct_path)
               : with_model(rule->path,
                            form->passages ? with_numbers(model, '.', '_') : std::string(model));
    return Translated{
        operation_url(address_of(request, dialect_, rule), path), std::move(*body),
        std::make_unique<RankingReader>(*form, dialect_.provider, most, std::move(documents))};
}

}  // namespace patchbay::openai
