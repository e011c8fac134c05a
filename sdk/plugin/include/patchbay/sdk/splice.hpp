// SPDX-License-Identifier: Apache-2.0
// Changes the top-level members of the client's request without parsing or copying it.
//
// The host hands a provider the request with an index of its top-level members. Most of what an
// OpenAI-compatible provider must change is there: another model name, a renamed parameter, one
// dropped, one added. The result is a list of body segments that name ranges of the request where
// nothing changed.
//
// Commas: the gap before a member (white space, comma, white space) belongs to that member. The
// first member that stays loses its gap to the opening brace; so any set of members can go,
// whichever their places, and the separators stay right.
//
// Tested by splice_test.cpp.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "text.hpp"

namespace bay {

/// Edits by member index (place in the request's member list) or by name; by name every member of
/// that name is edited, as duplicates are legal JSON. A later edit of the same kind on the same
/// member wins; drop wins over all. Every function reads the request, which is gone when
/// on_request() returns; the segments that were returned do without it, so they may be sent in a
/// later event.
class Splice {
  public:
    static constexpr std::size_t npos = static_cast<std::size_t>(-1);

    explicit Splice(const bay_ev_request& request)
        : json_(sv(request.json)),
          members_(request.members),
          count_(static_cast<std::size_t>(request.member_count)) {}

    std::size_t size() const noexcept { return count_; }
    const bay_member& operator[](std::size_t index) const noexcept { return members_[index]; }

    /// First member of that name at or after `from`, or npos. Names are compared as written.
    std::size_t find(std::string_view name, std::size_t from = 0) const noexcept {
        for (std::size_t i = from; i < count_; ++i) {
            if (sv(members_[i].name) == name) return i;
        }
        return npos;
    }
    /// Raw JSON text of the last member of that name, which is the one that parsers keep; empty if
    /// there is none.
    std::string_view value(std::string_view name) const noexcept {
        for (std::size_t i = count_; i-- > 0;) {
            if (sv(members_[i].name) == name) return sv(members_[i].value);
        }
        return {};
    }

    /// Puts `json` (a JSON text, copied) in place of the member's value.
    void replace(std::size_t index, std::string_view json) { edit(index, kReplace, json); }
    /// `name` is what stands between the quotes: characters that JSON escapes must be escaped.
    void rename(std::size_t index, std::string_view name) { edit(index, kRename, name); }
    void drop(std::size_t index) { edit(index, kDrop, {}); }

    /// By name: how many members were edited.
    std::size_t replace(std::string_view name, std::string_view json) {
        return each(name, [&](std::size_t i) { replace(i, json); });
    }
    std::size_t rename(std::string_view name, std::string_view to) {
        return each(name, [&](std::size_t i) { rename(i, to); });
    }
    std::size_t drop(std::string_view name) {
        return each(name, [&](std::size_t i) { drop(i); });
    }

    /// A member more, after all others, in the order of the calls.
    void add(std::string_view name, std::string_view json) {
        added_ += ",\"";
        added_.append(name).append("\":").append(json);
    }
    /// Replaces the value if the member is there, else adds it.
    void set(std::string_view name, std::string_view json) {
        if (replace(name, json) == 0) add(name, json);
    }

    bool changed() const noexcept { return !edits_.empty() || !added_.empty(); }

    /// The new body: ranges of the request as the host keeps it for the exchange (blob 0), and
    /// texts of this object, which live until it is changed or destroyed.
    const std::vector<bay_seg>& segments() {
        segments_.clear();
        std::stable_sort(edits_.begin(), edits_.end(),
                         [](const Edit& a, const Edit& b) { return a.member < b.member; });
        std::size_t head =
            count_ ? static_cast<std::size_t>(members_[0].name_off) : json_.find('{') + 1;
        range(0, head);
        bool any = false;
        auto edit = edits_.begin();
        for (std::size_t i = 0; i < count_; ++i) {
            const Edit *value = nullptr, *name = nullptr;
            bool dropped = false;
            for (; edit != edits_.end() && edit->member == i; ++edit) {
                if (edit->what == kReplace) value = &*edit;
                if (edit->what == kRename) name = &*edit;
                if (edit->what == kDrop) dropped = true;
            }
            if (dropped) continue;
            const bay_member& m = members_[i];
            if (any) range(end_of(i - 1), static_cast<std::size_t>(m.name_off));
            any = true;
            const auto name_off = static_cast<std::size_t>(m.name_off);
            const auto value_off = static_cast<std::size_t>(m.value_off);
            if (name) {
                bytes("\"");
                bytes(inserted(*name));
                range(name_off + 1 + m.name.len, value_off);
            } else {
                range(name_off, value_off);
            }
            value ? bytes(inserted(*value)) : range(value_off, end_of(i));
        }
        if (!added_.empty()) bytes(std::string_view(added_).substr(any ? 0 : 1));
        range(count_ ? end_of(count_ - 1) : head, json_.size());
        return segments_;
    }

    /// The new body as text, for providers that must hash or log it.
    std::string text() {
        std::string result;
        for (const bay_seg& seg : segments()) {
            result += seg.kind == BAY_SEG_BYTES ? sv(seg.bytes)
                                                : json_.substr(static_cast<std::size_t>(seg.off),
                                                               static_cast<std::size_t>(seg.len));
        }
        return result;
    }

  private:
    enum What : std::uint32_t { kReplace, kRename, kDrop };
    struct Edit {
        std::size_t member;
        What what;
        std::size_t off, len;  // in inserted_
    };

    void edit(std::size_t index, What what, std::string_view text) {
        edits_.push_back({index, what, inserted_.size(), text.size()});
        inserted_.append(text);
    }
    template <class F>
    std::size_t each(std::string_view name, F f) {
        std::size_t found = 0;
        for (std::size_t i = find(name); i != npos; i = find(name, i + 1), ++found) f(i);
        return found;
    }
    std::size_t end_of(std::size_t index) const noexcept {
        return static_cast<std::size_t>(members_[index].value_off) + members_[index].value.len;
    }
    std::string_view inserted(const Edit& e) const {
        return std::string_view(inserted_).substr(e.off, e.len);
    }
    void bytes(std::string_view text) {
        if (!text.empty()) segments_.push_back(bay_seg{BAY_SEG_BYTES, 0, str(text), 0, 0});
    }
    // An empty range is left out: length 0 would mean "to the end of the blob".
    void range(std::size_t from, std::size_t to) {
        if (from == to) return;
        if (!segments_.empty() && segments_.back().kind == BAY_SEG_BLOB &&
            segments_.back().off + segments_.back().len == from) {
            segments_.back().len += to - from;
        } else {
            segments_.push_back(bay_seg{BAY_SEG_BLOB, 0, {}, from, to - from});
        }
    }

    std::string_view json_;
    const bay_member* members_;
    std::size_t count_;
    std::vector<Edit> edits_;
    std::string inserted_;  // new names and values, one after another
    std::string added_;     // ,"name":value,"name":value
    std::vector<bay_seg> segments_;
};

}  // namespace bay
