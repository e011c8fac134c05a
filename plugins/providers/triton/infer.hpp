// SPDX-License-Identifier: Apache-2.0
// The two APIs of Triton Inference Server: the generate extension, whose requests are a text and
// parameters, and the inference protocol (KServe's, version 2), whose tensors have names and shapes.
#pragma once

#include <string>
#include <string_view>

#include "chat/chat_writer.hpp"
#include "openai_shared/translated_exchange.hpp"

namespace patchbay::triton {

enum class Api { generate, infer };

/// Which of them an address has; one that names none generates.
Api api_of(std::string_view address);

/// The address of a call: `address` as far as it goes, else "/v2/models/<model>/generate" behind it,
/// for streams "generate_stream", or "infer".
std::string url_of(std::string_view address, std::string_view model, Api api, bool streamed);

/// {"text_input", "parameters", "stream"} of `prompt` and the request's parameters; by the inference
/// protocol a tensor for each.
boost::json::object generate_body(std::string prompt, boost::json::object parameters,
                                  bool streamed);
boost::json::object infer_body(std::string prompt, boost::json::object parameters);

/// One tensor of the texts. Fails for inputs that are none.
openai::Written<boost::json::object> embeddings_body(const boost::json::object* client);

/// {"text_output"}, also as the events of a stream, which tells no end; or {"outputs": [tensor]}.
class TextReader : public openai::AnswerReader {
  public:
    explicit TextReader(std::string_view model) : writer_(shared::new_chat_head(model)) {}

    bool is_whole(const boost::json::object& document) const override;
    openai::Read<boost::json::object> whole(const boost::json::object& document) override;
    openai::Read<void> event(const boost::json::object& document,
                             std::vector<std::string>& chunks) override;
    bool complete() const override { return false; }
    bool ends(std::vector<std::string>& chunks) override;

  private:
    shared::ChunkWriter writer_;
    bool begun_ = false;
};

/// A tensor of [inputs, dimensions], row by row.
class EmbeddingsReader : public openai::WholeReader {
  public:
    explicit EmbeddingsReader(std::string_view model) : model_(model) {}

    openai::Read<boost::json::object> whole(const boost::json::object& document) override;

  private:
    std::string model_;
};

}  // namespace patchbay::triton
