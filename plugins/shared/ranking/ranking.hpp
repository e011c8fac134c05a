// Rankings as clients ask for them and are told: Cohere's rerank API, for providers that have another.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include <boost/json.hpp>

#include "failure/failure.hpp"

namespace patchbay::shared {

namespace json = boost::json;

/// A request that has what every ranking needs.
class Ranking {
  public:
    /// Fails with BAY_ERR_BAD_REQUEST without a query or documents.
    static Result<Ranking> read(std::string_view client_json);

    /// All of it.
    const json::object& members() const { return client_.get_object(); }
    json::object& members() { return client_.get_object(); }
    /// A text that is not empty.
    std::string_view query() const;
    /// At least one, whatever it is.
    const json::array& documents() const { return members().at("documents").get_array(); }
    /// How many are wanted of them (`top_n`); 0: all.
    std::uint64_t most() const;

  private:
    explicit Ranking(json::value client) : client_(std::move(client)) {}

    json::value client_;
};

/// Puts the best of `results` first, by "relevance_score"; equals stay as they are.
void sort_ranks(json::array& results);

/// The answer of services that bill a query of up to 100 documents.
json::object told_ranking(std::string_view id, json::array results, std::size_t documents);

}  // namespace patchbay::shared
