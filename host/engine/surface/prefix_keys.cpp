#include "engine/surface/prefix_keys.hpp"

#include <string>
#include <string_view>

#include "contract/json/json_walk.hpp"
#include "contract/json/member_walker.hpp"
#include "contract/text_hash.hpp"
#include "engine/models/cache_rules.hpp"
#include "engine/surface/body_edit.hpp"

namespace patchbay {

namespace {

constexpr std::string_view kMarks[] = {"\"cache_control\"", "\"cachePoint\""};
/// What providers put before the messages, in their order; each API has one name of each.
constexpr std::string_view kTools[] = {"tools", "toolConfig", "functions"};
constexpr std::string_view kSystem[] = {"system", "instructions", "systemInstruction",
                                        "system_instruction"};
constexpr std::string_view kClaudeCodeSession = "_session_";

std::string_view unquoted(std::string_view value) {
    return value.size() >= 2 && value.front() == '"' ? value.substr(1, value.size() - 2)
                                                     : std::string_view();
}

std::string_view text_of(const Ask& ask, std::string_view name) {
    const bay_member* const member = find_member(ask.members(), name);
    return member ? std::string_view(member->value.ptr, member->value.len) : std::string_view();
}

std::string_view session_of(const Ask& ask, const Caller& caller) {
    if (const auto key = unquoted(text_of(ask, "prompt_cache_key")); !key.empty()) return key;
    if (const auto id = caller.header("x-litellm-session-id"); !id.empty()) return id;
    if (const auto id = unquoted(text_of(ask, "litellm_session_id")); !id.empty()) return id;
    const std::string_view metadata = text_of(ask, "metadata");
    if (!metadata.starts_with('{')) return {};
    if (const auto id = unquoted(member_of(metadata, "session_id")); !id.empty()) return id;
    const std::string_view user = unquoted(member_of(metadata, "user_id"));
    const std::size_t at = user.find(kClaudeCodeSession);
    return at == user.npos ? std::string_view() : user.substr(at + kClaudeCodeSession.size());
}

/// Providers take four marks of a request; what comes after the eighth of a block is hashed as text.
constexpr int kMostMarks = 8;

/// Where the first mark of a text stands: a member with one of its commas. npos: there is none.
struct Mark {
    std::size_t from = std::string_view::npos;
    std::size_t to = 0;
};

// A name in quotes that a text holds has a backslash before its quote.
Mark find_mark(std::string_view text) {
    Mark mark;
    for (const std::string_view name : kMarks) {
        std::size_t at = text.find(name);
        while (at != text.npos && at > 0 && text[at - 1] == '\\') at = text.find(name, at + 1);
        if (at >= mark.from) continue;
        const std::size_t end = text.find('}', at);
        if (end != text.npos) mark = {at, end + 1};
    }
    if (mark.from == text.npos) return mark;
    // Bedrock's stands for itself, in an object of its own.
    const bool own = mark.from > 0 && text[mark.from - 1] == '{' && mark.to < text.size() &&
                     text[mark.to] == '}';
    if (own) {
        --mark.from;
        ++mark.to;
    }
    std::size_t before = mark.from;
    while (before > 0 && (text[before - 1] == ' ' || text[before - 1] == '\n')) --before;
    if (before > 0 && text[before - 1] == ',') {
        mark.from = before - 1;
    } else if (const std::size_t after = text.find_first_not_of(" \n", mark.to);
               after != text.npos && text[after] == ',') {
        mark.to = after + 1;
    }
    return mark;
}

// The hash of a block as it is without its marks.
std::uint64_t hash_of(std::string_view text, std::uint64_t before, bool& marked) {
    std::string plain;
    for (int marks = 0; marks < kMostMarks; ++marks) {
        const Mark mark = find_mark(text);
        if (mark.from == text.npos) break;
        marked = true;
        plain.append(text.substr(0, mark.from));
        text.remove_prefix(mark.to);
    }
    return marked ? hash_text(plain.append(text), before) : hash_text(text, before);
}

/// Adds blocks to the keys.
class Chain {
  public:
    explicit Chain(PrefixKeys& keys) : keys_(keys) {}

    void add(std::string_view text) {
        bool marked = false;
        bytes_ += text.size();
        hash_ = hash_of(text, hash_, marked);
        keys_.blocks.push_back({hash_, static_cast<std::uint32_t>(bytes_ / 4), marked, false});
    }
    std::uint64_t hash() const { return hash_; }

  private:
    PrefixKeys& keys_;
    std::uint64_t hash_ = 0;
    std::size_t bytes_ = 0;
};

template <std::size_t N>
void add_first_of(Chain& chain, const Ask& ask, const std::string_view (&names)[N]) {
    for (const std::string_view name : names) {
        if (const auto text = text_of(ask, name); !text.empty()) return chain.add(text);
    }
}

bool is_instruction(std::string_view message) {
    if (!message.starts_with('{')) return false;
    const std::string_view role = unquoted(member_of(message, "role"));
    return role == "system" || role == "developer";
}

void add_messages(Chain& chain, PrefixKeys& keys, std::string_view content) {
    const auto asked = [&] {
        if (keys.root == 0) keys.root = chain.hash();
    };
    keys.lead = keys.blocks.size();
    if (!content.starts_with('[')) {
        if (content.empty()) return;
        chain.add(content);
        return asked();
    }
    JsonReader reader(content);
    walk_array(reader, [&] {
        std::string_view message;
        if (!take_text(reader, content, message)) return false;
        chain.add(message);
        if (keys.root == 0 && is_instruction(message)) {
            keys.lead = keys.blocks.size();
        } else {
            asked();
        }
        return true;
    });
}

void look_back_from_marks(PrefixKeys& keys) {
    std::size_t left = 0;
    for (std::size_t i = keys.blocks.size(); i-- > 0;) {
        if (keys.blocks[i].marked) left = kBlocksBeforeMark + 1;
        keys.blocks[i].before_mark = left > 0;
        if (left > 0) --left;
    }
}

}  // namespace

PrefixKeys prefix_keys(const Ask& ask, const Caller& caller) {
    PrefixKeys keys;
    if (const auto session = session_of(ask, caller); !session.empty()) {
        keys.root = keys.session = hash_text(session, 1) | 1;
        return keys;
    }
    Chain chain(keys);
    add_first_of(chain, ask, kTools);
    add_first_of(chain, ask, kSystem);
    add_messages(chain, keys, ask.scan.content);
    if (keys.root == 0) keys.root = chain.hash();
    look_back_from_marks(keys);
    return keys;
}

}  // namespace patchbay
