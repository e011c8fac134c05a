// Pictures as inputs of embeddings, for which the Model Inference API has an address of its own.
#pragma once

#include <optional>
#include <string>

#include "openai_shared/pass_exchange.hpp"

namespace patchbay::azure {

/// If all inputs of a request for embeddings are pictures (data URLs): the inputs as that address
/// takes them, `[{"image": "data:..."}]`, as JSON text. Parses only inputs that speak of pictures.
std::optional<std::string> picture_inputs(const bay_ev_request& request);

/// Embeddings of pictures: the site says where (sites.hpp), this how. [exchange]
class PictureEmbeddings : public openai::PassExchange {
  public:
    /// `dialect` must outlive it (it is the instance's).
    explicit PictureEmbeddings(const openai::Dialect& dialect);

  protected:
    std::optional<openai::Refusal> write(const bay_ev_request& request, bay::HttpRequest& call,
                                         bay::Out out) override;
};

}  // namespace patchbay::azure
