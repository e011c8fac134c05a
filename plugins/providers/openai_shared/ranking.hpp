// Rankings (Cohere's rerank API) of providers that have another form of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "translated_exchange.hpp"

namespace patchbay::openai {

/// How a provider asks for a ranking and tells it. The table is in ranking.cpp; rows of providers
/// choose one by its name.
struct RankingForm {
    std::string_view name;
    std::string_view most;     ///< its word for top_n; empty: it has none, and all are ranked
    std::string_view results;  ///< where the ranks stand: objects, or a score for each document
    bool query_each = false;   ///< the query stands in `queries` once for each document
    bool tells_tokens = true;  ///< what was read and written is known; else the sum alone
};

/// nullptr if there is none of that name.
const RankingForm* find_ranking_form(std::string_view name);

/// The body of a ranking by `model`. Members that the form does not rename are sent as they are. Fails
/// without a query or documents.
Written<std::string> write_ranking(std::string_view client_json, const RankingForm& form,
                                   std::string_view model);

/// Makes Cohere's answer: the best first, `most` of them (0: all); `meta` has the tokens billed.
class RankingReader : public WholeReader {
  public:
    RankingReader(const RankingForm& form, std::string_view provider, std::uint64_t most)
        : form_(form), provider_(provider), most_(most) {}

    Read<boost::json::object> whole(const boost::json::object& document) override;

  private:
    boost::json::object meta(const boost::json::object& document);

    const RankingForm& form_;
    std::string provider_;
    std::uint64_t most_;
};

/// "top_n" of a ranking; 0 if there is none.
std::uint64_t top_n(std::string_view client_json);

}  // namespace patchbay::openai
