#include "body.hpp"

namespace patchbay::openai {

void append_json_string(std::string& out, std::string_view text) {
    constexpr char kHex[] = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20) {
            out += "\\u00";
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
        } else {
            out += c;
        }
    }
    out += '"';
}

Body::Body(const bay_ev_request& request) : json_(view(request.json)) {
    segments_.reserve(8);
    bytes_.reserve(192);
    if (request.member_count == 0) contiguous_ = false;
}

std::size_t Body::begin(const bay_member& member) {
    if (contiguous_) return cursor_;
    bytes(empty_ ? "{" : ",");
    return member.name_off;
}

void Body::end(const bay_member& member) {
    cursor_ = member.value_off + member.value.len;
    contiguous_ = true;
    empty_ = false;
}

void Body::keep(const bay_member& member) {
    blob(begin(member), member.value_off + member.value.len);
    end(member);
}

void Body::drop(const bay_member&) {
    contiguous_ = false;
}

void Body::rename(const bay_member& member, std::string_view name) {
    const std::size_t from = begin(member);
    blob(from, member.name_off);
    bytes("\"");
    bytes(name);
    bytes("\"");
    blob(member.name_off + member.name.len + 2, member.value_off + member.value.len);
    end(member);
}

void Body::replace(const bay_member& member, std::string_view json) {
    blob(begin(member), member.value_off);
    bytes(json);
    end(member);
}

void Body::replace_string(const bay_member& member, std::string_view prefix,
                          std::string_view text) {
    std::string value;
    value.reserve(prefix.size() + text.size() + 2);
    append_json_string(value, prefix.empty() ? text : std::string(prefix).append(text));
    replace(member, value);
}

void Body::append(std::string_view name, std::string_view json) {
    bytes(empty_ ? "{" : ",");
    if (empty_) contiguous_ = false;
    bytes("\"");
    bytes(name);
    bytes("\":");
    bytes(json);
    empty_ = false;
}

std::span<const bay_seg> Body::finish() {
    if (!tail_written_) {
        tail_written_ = true;
        if (contiguous_) {
            blob(cursor_, json_.size());
        } else {
            bytes(empty_ ? "{}" : "}");
        }
        for (bay_seg& segment : segments_) {
            if (segment.kind != BAY_SEG_BYTES) continue;
            segment.bytes = {bytes_.data() + segment.off, segment.len};
            segment.off = 0;
            segment.len = 0;
        }
    }
    return segments_;
}

std::string Body::text() const {
    std::string out;
    for (const bay_seg& segment : segments_) {
        out += segment.kind == BAY_SEG_BYTES ? view(segment.bytes)
                                             : json_.substr(segment.off, segment.len);
    }
    return out;
}

void Body::blob(std::size_t from, std::size_t to) {
    if (from >= to) return;
    if (!segments_.empty() && segments_.back().kind == BAY_SEG_BLOB &&
        segments_.back().off + segments_.back().len == from) {
        segments_.back().len += to - from;
        return;
    }
    segments_.push_back({BAY_SEG_BLOB, 0, {nullptr, 0}, from, to - from});
}

void Body::bytes(std::string_view text) {
    // `off` and `len` point into bytes_ until finish(): the buffer may still move.
    const std::size_t at = bytes_.size();
    bytes_ += text;
    if (!segments_.empty() && segments_.back().kind == BAY_SEG_BYTES) {
        segments_.back().len += text.size();
        return;
    }
    segments_.push_back({BAY_SEG_BYTES, 0, {nullptr, 0}, at, text.size()});
}

}  // namespace patchbay::openai
