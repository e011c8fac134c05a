// Rankings (Cohere's rerank API) of providers that have another form of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json/array.hpp>

#include "ranking/ranking.hpp"
#include "translated_exchange.hpp"

namespace patchbay::openai {

/// How a provider asks for a ranking and tells it. The table is in ranking.cpp; rows of providers
/// choose one by its name.
struct RankingForm {
    std::string_view name;
    std::string_view most;     ///< its word for top_n; empty: it has none, and all are ranked
    std::string_view results;  ///< where the ranks stand: objects, or a score for each document
    bool query_each = false;   ///< the query stands in `queries` once for each document
    std::string_view score = "relevance_score";  ///< of a rank
    /// What `meta` says of tokens beside the sum: all, those that were read, or nothing where only the
    /// sum is known.
    enum class Tokens : std::uint8_t { all, read, none, absent } tokens = Tokens::all;
    std::string_view billed = "total_tokens";  ///< the name of the sum
    /// NVIDIA's: the query is {"text"}, the documents are `passages`, which its answers do not repeat,
    /// and numbers in names of models have "_" in the address and "." in the body.
    bool passages = false;
    /// What stands before the name of a model that is asked at `direct_path`.
    std::string_view direct = {};
    std::string_view direct_path = {};
};

/// nullptr if there is none of that name.
const RankingForm* find_ranking_form(std::string_view name);

/// The body of a ranking by `model`, into which values of `ranking` are moved. Members that the form does not
/// rename are sent as they are. Fails for documents that are no texts where the form wants texts.
Written<std::string> write_ranking(shared::Ranking& ranking, const RankingForm& form,
                                   std::string_view model);

/// The name of a model with `to` for each `from` between two digits.
std::string with_numbers(std::string_view model, char from, char to);

/// The documents as {"text"}, for an answer that does not repeat them; none if the form's answers do, or
/// nobody wants them.
boost::json::array told_documents(const shared::Ranking& ranking, const RankingForm& form);

/// Makes Cohere's answer: the best first, `most` of them (0: all), each with its document if
/// `documents` are there; `meta` has the tokens billed.
class RankingReader : public WholeReader {
  public:
    RankingReader(const RankingForm& form, std::string_view provider, std::uint64_t most,
                  boost::json::array documents = {})
        : form_(form), provider_(provider), most_(most), documents_(std::move(documents)) {}

    Read<boost::json::object> whole(const boost::json::object& document) override;

  private:
    boost::json::object meta(const boost::json::object& document);

    const RankingForm& form_;
    std::string provider_;
    std::uint64_t most_;
    boost::json::array documents_;
};

}  // namespace patchbay::openai
