#include "socket_section.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

#include "answer_section.hpp"
#include "base64.hpp"
#include "patchbay/exchange.h"
#include "patchbay/json_tree.hpp"

namespace patchbay::transcript {
namespace {

struct SocketRow {
    const char* name;
    std::uint32_t type;
    bool clients;  ///< of the client's socket, which has no call
    enum Kind { open, frame, close } kind;
};
constexpr SocketRow kSocketRows[] = {
    {"ws-open", BAY_EV_WS_OPEN, false, SocketRow::open},
    {"ws-frame", BAY_EV_WS_FRAME, false, SocketRow::frame},
    {"ws-close", BAY_EV_WS_CLOSE, false, SocketRow::close},
    {"client-frame", BAY_EV_CLIENT_FRAME, true, SocketRow::frame},
    {"client-close", BAY_EV_CLIENT_CLOSE, true, SocketRow::close},
};

const SocketRow* row_of(std::string_view name) {
    const auto* const found =
        std::find_if(std::begin(kSocketRows), std::end(kSocketRows),
                     [name](const SocketRow& row) { return row.name == name; });
    return found != std::end(kSocketRows) ? found : nullptr;
}

/// True if the word is one of this kind of event; then it is taken.
bool take_word(const SectionReader& reader, const Section& section, const SocketRow& row,
               const std::string& word, SocketEvent& event) {
    std::string value;
    if (!row.clients && option(word, "call", value)) {
        event.call = reader.number(section, value);
    } else if (row.kind == SocketRow::open && event.data.empty()) {
        event.data = word;
    } else if (row.kind == SocketRow::frame && word == "binary") {
        event.opcode = BAY_WS_BINARY;
    } else if (row.kind == SocketRow::close && option(word, "failure", value)) {
        event.failure = read_failure(reader, section, value);
    } else if (row.kind == SocketRow::close &&
               std::isdigit(static_cast<unsigned char>(word[0])) != 0) {
        event.code = reader.number(section, word);
    } else {
        return false;
    }
    return true;
}

}  // namespace

bool is_socket_section(std::string_view name) {
    return row_of(name) != nullptr;
}

const char* socket_section(std::uint32_t type) {
    const auto* const found =
        std::find_if(std::begin(kSocketRows), std::end(kSocketRows),
                     [type](const SocketRow& row) { return row.type == type; });
    return found != std::end(kSocketRows) ? found->name : "";
}

SocketEvent read_socket_event(const SectionReader& reader, const Section& section) {
    const SocketRow& row = *row_of(section.name);
    SocketEvent event;
    event.line = section.line;
    event.type = row.type;
    bool base64 = false;
    for (const std::string& word : section.words) {
        if (row.kind != SocketRow::open && word == "base64") {
            base64 = true;
        } else if (!take_word(reader, section, row, word, event)) {
            reader.unknown(section, word);
        }
    }
    if (row.kind == SocketRow::open) return event;
    event.data = without_last_newline(section.text);
    if (base64) event.data = read_base64(reader, section.line + 1, event.data);
    const bool text = row.kind == SocketRow::frame && event.opcode == BAY_WS_TEXT;
    if (text && !json_tree::is_utf8(event.data)) {
        reader.fail(section.line, "a message that is text is UTF-8; others are 'binary'");
    }
    return event;
}

}  // namespace patchbay::transcript
