// An answer of OpenAI's chat API as blocks, one after the other, for APIs that tell it so (Anthropic's
// Messages, Bedrock's Converse).
//
// OpenAI's chunks are deltas of one message: thought, text and pieces of several calls come as they
// like, and a thinking block comes whole when it is known. Blocks come one at a time: start, deltas,
// stop. So the first block that is not whole yet is open and its pieces go out as they come; what
// belongs to later blocks is held. A block is known to be whole when its signature came (thinking),
// when something else comes (thinking, text), when its arguments are a whole JSON object and
// something else comes (calls), or at the end.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

#include "engine/surface/hub/call_names.hpp"
#include "engine/surface/hub/chat_parts.hpp"
#include "engine/surface/hub/json_progress.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// Stands in the text for an image of the answer, where the API has none there.
inline constexpr std::string_view kImageNote = "\n[An image, which this API cannot show.]\n";

/// A block on its way: what is known of it, and what of it was not written yet.
struct Block {
    enum class Kind { thinking, redacted, text, call, image };

    Kind kind = Kind::text;
    std::string held;        ///< words, data, arguments or the image's URL that are not written yet
    bool opened = false;     ///< its start was written
    bool whole = false;      ///< nothing more can come
    std::string thought;     ///< thinking: all words so far
    std::string signature;   ///< thinking: empty if there is none (yet)
    std::string id;          ///< call: the provider's id; empty if it gave none
    std::string name;        ///< call: the client's name; empty if it is not known yet
    std::size_t call = 0;    ///< call: its number among the calls of the answer
    JsonProgress arguments;  ///< call
    json::array citations;   ///< text: links that it was made from, as OpenAI's annotations
};

/// What of the open block can be written now, and is forgotten in it. Half a character (of a surrogate
/// pair) at the end stays until the other half comes, or `last`: some clients cannot join the two.
/// Nothing of a call of which it is not known yet that its arguments are an object.
std::string take_held(Block& block, bool last);

/// Tells blocks in another API's words.
class BlockTeller {
  public:
    virtual ~BlockTeller() = default;
    /// The next block begins; its kind, id and name are known, and nothing of it was written.
    virtual void open(Block& block) = 0;
    /// More of the open block may have come.
    virtual void flush(Block& block) = 0;
    /// The open block is whole. Arguments that are no object are told as tool_input() says.
    virtual void close(Block& block) = 0;
};

/// The blocks of one answer. One thread at a time.
class AnswerBlocks {
  public:
    enum class Images { shown, noted };  ///< noted: kImageNote stands for each

    AnswerBlocks(ChatNames names, Images images) : names_(std::move(names)), images_(images) {}

    /// Takes the delta of a chunk.
    void read_delta(const json::object& delta) { read(delta, false); }
    /// Takes the message of a whole answer.
    void read_message(const json::object& message) { read(message, true); }
    /// Tells what can be told; all if it is the `last` time.
    void settle(BlockTeller& teller, bool last);

    bool empty() const { return blocks_.empty(); }
    bool called() const { return called_; }  ///< a call was told
    /// Bytes of blocks that are not open, and of the open one's thought.
    std::size_t held() const { return held_; }

  private:
    void read(const json::object& said, bool whole);
    void read_thinking(const json::object& block, bool told_as_text);
    void read_citations(const json::object& said);
    void read_images(const json::object& said);
    void read_calls(const json::object& said, bool whole);
    void read_call(const json::object& call);
    void add(Block::Kind kind, std::string_view words);
    void add_whole(Block::Kind kind, std::string_view data);
    Block& new_call(std::size_t number, std::string_view id);
    Block* open_call(std::size_t number);

    ChatNames names_;
    Images images_;
    std::deque<Block> blocks_;  ///< the first is the open one
    std::size_t held_ = 0;
    std::string last_thought_;  ///< of the last thinking block that was closed
    bool called_ = false;
    CallPieces pieces_;
};

}  // namespace patchbay::surface
