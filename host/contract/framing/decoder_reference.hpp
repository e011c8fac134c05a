// Slow and obviously right framing of a whole body: the oracle of the decoders' tests and fuzz
// targets.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "contract/framing/decoder.hpp"
#include "contract/json/json_reader.hpp"

namespace patchbay::http {

struct OwnedFrame {
    std::string event;
    std::string id;
    std::string data;
    std::vector<std::pair<std::string, std::string>> headers = {};
    bool operator==(const OwnedFrame&) const = default;
};

struct Decoded {
    std::vector<OwnedFrame> frames;
    DecodeStatus status = DecodeStatus::ok;
    bool operator==(const Decoded&) const = default;
};

/// The events of `body` and the status of its end, step by step as the HTML Living Standard has it,
/// with what the decoder does otherwise (sse_decoder.hpp).
inline Decoded reference_sse(std::string body, std::size_t max_frame) {
    if (body.rfind("\xEF\xBB\xBF", 0) == 0) body.erase(0, 3);
    // A lone prefix of the BOM is still waited for, thus no line.
    if (body == "\xEF" || body == "\xEF\xBB") return {};

    std::vector<std::string> lines(1);
    for (std::size_t i = 0; i < body.size(); ++i) {
        if (body[i] == '\r' || body[i] == '\n') {
            if (body[i] == '\r' && i + 1 < body.size() && body[i + 1] == '\n') ++i;
            lines.emplace_back();
        } else {
            lines.back() += body[i];
        }
    }
    const std::string unfinished = lines.back();
    lines.pop_back();

    constexpr const char* kSpace = " \t\r\n";
    const auto begins_document = [&](const std::string& text) {
        const auto first = text.find_first_not_of(kSpace);
        return first != std::string::npos && (text[first] == '{' || text[first] == '[');
    };
    Decoded decoded;
    std::string data, event, id;  // data: its lines, each with a LF
    bool seen_data = false, document = false;
    const auto dispatch = [&] {
        if (data.find_first_not_of(kSpace) != std::string::npos) {
            decoded.frames.push_back({event, id, data.substr(0, data.size() - 1)});
        }
        data.clear();
        event.clear();
    };
    // False if it is too large.
    const auto take = [&](const std::string& line) {
        if (line.size() > max_frame) return false;
        if (!document && line.empty()) {
            dispatch();
            return true;
        }
        if (!seen_data && begins_document(line)) document = true;
        std::string field = line, value;
        if (const auto colon = line.find(':'); colon != std::string::npos) {
            field = line.substr(0, colon);
            value = line.substr(colon + 1);
            if (!value.empty() && value[0] == ' ') value.erase(0, 1);
        }
        if (document) {
            field = "data";
            value = line;
        }
        if (field == "event") event = value;
        if (field == "id" && value.find('\0') == std::string::npos) id = value;
        if (field != "data") return true;
        seen_data = true;
        data += value + "\n";
        return data.size() <= max_frame + 1;
    };
    for (const std::string& line : lines) {
        if (!take(line)) return {decoded.frames, DecodeStatus::too_large};
    }
    if (!unfinished.empty() && !take(unfinished)) {
        return {decoded.frames, DecodeStatus::too_large};
    }
    if (data.find_first_not_of(kSpace) == std::string::npos) return decoded;
    std::string mark = data;
    const auto around = [](char c) {
        return std::string_view(" \t\r\n\"'").find(c) != std::string_view::npos;
    };
    while (!mark.empty() && around(mark.back())) mark.pop_back();
    while (!mark.empty() && around(mark.front())) mark.erase(0, 1);
    bool whole = mark == "[DONE]" && data.size() <= 33;
    if (!whole && begins_document(data)) {
        JsonReader reader(data);
        whole = reader.take_value();
        reader.skip_space();
        whole = whole && reader.at_end();
    }
    if (whole) {
        dispatch();
    } else {
        decoded.status = DecodeStatus::cut;
    }
    return decoded;
}

/// The lines of `body`.
inline Decoded reference_ndjson(const std::string& body, std::size_t max_frame) {
    Decoded decoded;
    std::string line;
    const auto take = [&] {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        bool blank = true;
        for (const char c : line) blank = blank && (c == ' ' || c == '\t' || c == '\r');
        if (!blank) decoded.frames.push_back({"", "", line});
        line.clear();
    };
    for (const char c : body) {
        if (c == '\n') {
            take();
            continue;
        }
        line += c;
        if (line.size() > max_frame) {
            decoded.status = DecodeStatus::too_large;
            return decoded;
        }
    }
    take();
    return decoded;
}

/// The elements of `body` if it is a whole JSON array; else `malformed`, whatever is wrong with it.
inline Decoded reference_json_array(std::string_view body) {
    const Decoded wrong{{}, DecodeStatus::malformed};
    if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
    Decoded decoded;
    JsonReader reader(body);
    reader.skip_space();
    if (!reader.take('[', "")) return wrong;
    reader.skip_space();
    while (reader.peek() != ']') {
        if (!decoded.frames.empty() && !reader.take(',', "")) return wrong;
        reader.skip_space();
        const std::size_t begin = reader.at();
        if (!reader.take_value()) return wrong;
        decoded.frames.push_back({"", "", std::string(body.substr(begin, reader.at() - begin))});
        reader.skip_space();
    }
    reader.take(']', "");
    reader.skip_space();
    return reader.at_end() ? decoded : wrong;
}

/// Feeds a decoder and keeps copies of its frames. Every piece is pushed from storage of its own,
/// of exactly its size, that is gone afterwards: a sanitizer sees a view that is kept too long.
template <class Decoder>
class Feeder {
  public:
    explicit Feeder(std::size_t max_frame) : decoder_(max_frame) {}

    void push(std::string_view piece) {
        const std::vector<char> bytes(piece.begin(), piece.end());
        std::vector<Frame> frames;
        note(decoder_.push({bytes.data(), bytes.size()}, frames));
        copy(frames);
    }

    Decoded finish() {
        std::vector<Frame> frames;
        note(decoder_.finish(frames));
        copy(frames);
        return decoded_;
    }

  private:
    void note(DecodeStatus status) {
        if (decoded_.status == DecodeStatus::ok) decoded_.status = status;
    }
    void copy(const std::vector<Frame>& frames) {
        for (const Frame& f : frames) {
            OwnedFrame& owned = decoded_.frames.emplace_back();
            owned.event = f.event;
            owned.id = f.id;
            owned.data = f.data;
            for (const Header& h : f.headers) owned.headers.emplace_back(h.name, h.value);
        }
    }

    Decoder decoder_;
    Decoded decoded_;
};

}  // namespace patchbay::http
