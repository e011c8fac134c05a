// What is known of the world's models: who provides them, what they are for, how much they take.
//
// The facts are a table in the binary (models.tsv, made by scripts/import_models), in the order in
// which it is searched: it costs no start-up, no heap, and of its pages only those that are looked
// at.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

namespace patchbay {

/// One row. Views into the binary; 0 and empty = not known.
struct CatalogueModel {
    std::string_view name;      ///< "gpt-4o", "groq/llama-3.3-70b-versatile"
    std::string_view provider;  ///< the prefix that names it in a configuration
    std::string_view mode;  ///< LiteLLM's words: "chat", "embedding", "audio_transcription", ...
    std::int64_t max_input_tokens = 0;
    std::int64_t max_output_tokens = 0;
};

/// The row of exactly this name, but for the case of ASCII letters.
std::optional<CatalogueModel> find_model(std::string_view name);

/// A provider's model, found in LiteLLM's ways (its _get_potential_model_names): "provider/model",
/// "model", then both without what does not change what a model is (of OpenAI's the ending of a
/// fine-tuned one and the mark "responses/", a version of Google's, a region of Bedrock's). A row of
/// another provider does not count.
std::optional<CatalogueModel> find_model(std::string_view provider, std::string_view model);

/// Goes through the rows in order, one by one; the second of a name's two spellings is not there.
class CatalogueRows {
  public:
    CatalogueRows();
    std::optional<CatalogueModel> next();

  private:
    std::string_view rest_;
};

/// Do names of models begin so, behind a provider's: "mistralai" in "together_ai/mistralai/..."? It
/// is who made them, not who serves them. Goes through the table.
bool is_model_maker(std::string_view name);

/// Is this the name of a provider that LiteLLM knows?
bool is_known_provider(std::string_view name);
/// The known provider whose name is nearest, for "did you mean"; empty = none is near.
std::string_view nearest_provider(std::string_view name);

/// What is known of one deployment's model.
struct ModelInfo {
    std::string mode;
    std::int64_t max_input_tokens = 0;
    std::int64_t max_output_tokens = 0;

    bool empty() const { return mode.empty() && max_input_tokens == 0 && max_output_tokens == 0; }
    /// {"mode": ..., "max_input_tokens": ..., "max_output_tokens": ...}: what is known of it.
    boost::json::object to_json() const;
};

/// The row of a deployment's model; `configured` is its model_info, whose base_model, if it has one, is
/// looked up in place of `model`.
std::optional<CatalogueModel> row_of(const boost::json::object& configured,
                                     std::string_view provider, std::string_view model);

/// `configured` over the catalogue's row of it.
ModelInfo model_info_of(const boost::json::object& configured, std::string_view provider,
                        std::string_view model);

}  // namespace patchbay
