// A streamed answer on its way past one guardrail: what is held, what may go out.
//
// The problem: a guardrail judges texts, but a stream brings them in pieces that end anywhere, in
// several channels at once (choices, reasoning, tool arguments), mixed with structure. So texts are
// taken out of the chunks and joined by channel; what a verdict releases goes out in chunks made
// anew. Only what a guardrail lets through whole, with nothing held before it, goes out in the
// chunks that it came in.
//
// Structure (roles, ids, names of tools) goes out with the next verdict whatever it is. A chunk
// with a finish reason waits until no text is held, and so does everything that comes after it.
// Channels do not wait for one another: the held tail of a reasoning may come after the beginning
// of the content that followed it.
//
// A character is shown whole where that can be: halves of a surrogate pair that two chunks brought
// are joined, and escapes in tool arguments, which are JSON text, are resolved, however they were
// cut; an escape that is not over waits for its rest.
//
// What this promises: no byte of a text leaves before a verdict has released it, however the
// upstream cut the stream. Tested by stream_window_test.cpp.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "contract/actions/verdict.hpp"
#include "contract/error.hpp"
#include "contract/texts/argument_text.hpp"
#include "contract/texts/texts.hpp"
#include "patchbay/provider.h"

namespace patchbay::guard {

/// One guardrail's window. Not thread-safe.
class StreamWindow {
  public:
    static constexpr std::size_t kContext = 256;        ///< released bytes that are shown again
    static constexpr std::size_t kMaxHeld = 16u << 20;  ///< held text and waiting chunks, bytes
    static constexpr std::size_t kMaxChannels = 1024;

    /// Takes a chunk in OpenAI's shape. An error (upstream, never retried) if more is held than the
    /// bounds, or if the chunk is no JSON object.
    Result<void> push(std::string_view chunk);
    /// Chunks pushed since the last verdict.
    std::size_t fresh() const { return fresh_; }

    /// The texts to ask about: one for each channel with text that is not released; empty if there
    /// is nothing to ask. `last` as in the apply() that follows. Views, valid until the next push()
    /// or apply().
    const std::vector<bay_text>& texts(bool last);
    /// Releases what a verdict on texts() allows and appends the chunks that go out to `out`. A
    /// block releases nothing. With `last` everything that is not edited away goes out.
    void apply(const Verdict& verdict, bool last, std::vector<std::string>& out);

  private:
    struct Channel {
        std::string path;
        std::string role;
        std::string shown;      ///< released context, then held text; halves as in a tree
        std::string utf8;       ///< the same for guardrails, if it holds halves; as long
        std::size_t fixed = 0;  ///< length of the context
        enum { unknown, plain, resolved } escapes = plain;
        EscapeResolver resolver;  ///< keeps back what is not over of an escape
        std::string head;         ///< of a chunk that carries this channel's text,
        std::string tail;         ///< and what comes behind the text
        std::size_t held() const { return shown.size() - fixed; }
        void take(std::string_view text);
    };

    bool take_texts(boost::json::object& chunk, boost::json::value& choice);
    std::size_t find_channel(const boost::json::object& chunk, const boost::json::value& choice,
                             const Text& text);
    void release(Channel& channel, const std::string* edited, std::size_t hold,
                 std::vector<std::string>& out);
    static void move_out(std::vector<std::string>& from, std::vector<std::string>& to);
    std::size_t held_bytes() const;
    bool keeps_escapes() const;

    std::vector<Channel> channels_;
    std::map<std::string, std::size_t, std::less<>> by_path_;
    std::vector<std::string> whole_;      ///< all that is held, as it came, while clean_
    std::vector<std::string> structure_;  ///< goes out with the next verdict
    std::vector<std::string> waiting_;    ///< goes out when no text is held
    std::vector<std::size_t> asked_;      ///< channel of each text shown last
    std::vector<bay_text> views_;
    std::size_t bytes_ = 0;
    std::size_t fresh_ = 0;
    bool clean_ = true;  ///< no part of what is held went out before
};

}  // namespace patchbay::guard
