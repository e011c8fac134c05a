// SPDX-License-Identifier: Apache-2.0
// Answers that are streamed as the text itself, without events around its pieces.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "chat/chat_writer.hpp"
#include "openai_shared/translated_exchange.hpp"

namespace patchbay::chat_apis {

/// Cuts a text that comes in any pieces into words, always at the same places: before white space
/// that follows on a word, behind a character of a script that writes no blanks, and within a word that
/// is very long. Not thread-safe.
class Words {
  public:
    using Take = std::function<void(std::string_view word)>;

    /// Gives the words that are whole. Bytes that are no UTF-8 become U+FFFD.
    void add(std::string_view bytes, const Take& take);
    /// Gives what is left: without the end mark "[DONE]", which some servers write behind their text,
    /// and without white space behind that.
    void end(const Take& take);

  private:
    /// Gives one word, unless it may be the end mark.
    void give(std::string_view word, const Take& take);

    std::string held_;  ///< the word under way; before it one that looks like the end mark
};

/// The text of an answer, and how its document says it.
class TextReader : public openai::AnswerReader {
  public:
    explicit TextReader(std::string_view model) : writer_(shared::new_chat_head(model)) {}

    /// Bytes of a stream, in any pieces.
    void add(std::string_view bytes, std::vector<std::string>& chunks);

    openai::Read<void> event(const boost::json::object&, std::vector<std::string>&) final;
    bool complete() const final { return false; }
    /// The end of the connection is the end of the text, if there is one.
    bool ends(std::vector<std::string>& chunks) final;

  protected:
    /// A whole answer with the usage that is known. It is set, too, unless it is all zeros.
    boost::json::object answer(std::string_view text, std::uint64_t read, std::uint64_t written);

  private:
    shared::ChunkWriter writer_;
    Words words_;
    bool any_ = false;
};

/// Its reader is a TextReader. A document where a text was asked for is an answer, too. [exchange]
class TextExchange : public openai::TranslatedExchange {
  public:
    explicit TextExchange(const openai::Dialect* dialect)
        : TranslatedExchange(*dialect, BAY_DECODE_RAW) {}

    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override;
    bay_status on_http_data(const bay_ev_http& data, bay::Out out) override;
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override;

  private:
    bool document_ = false;  ///< the answer is named JSON
    std::string body_;       ///< of a document
};

}  // namespace patchbay::chat_apis
