// The fields of the structs that cross between the gateway and a plugin's process, each said once:
// what writes them and what reads them go through the same list.
//
// A visitor is called with fields in their order. It has list(items, count), optional(pointer) and
// members(members, count, json) for what is more than a number or a text.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory_resource>
#include <new>
#include <type_traits>

#include "contract/actions/abi_values.hpp"
#include "engine/isolation/wire.hpp"
#include "patchbay/guardrail.h"
#include "patchbay/logger.h"

namespace patchbay::isolation {

/// A struct of this type, const where it is written.
template <class S, class T>
concept Is = std::same_as<std::remove_const_t<S>, T>;

template <class Visit>
void fields(Visit& visit, Is<bay_kv> auto& s) {
    visit(s.name, s.value);
}
template <class Visit>
void fields(Visit& visit, Is<bay_seg> auto& s) {
    visit(s.kind, s.blob, s.bytes, s.off, s.len);
}
template <class Visit>
void fields(Visit& visit, Is<bay_http_req> auto& s) {
    visit(s.call, s.flags, s.decode, s.method, s.url);
    visit.list(s.headers, s.header_count);
    visit.list(s.body, s.body_count);
    visit(s.total_ms, s.idle_ms, s.max_body);
}
template <class Visit>
void fields(Visit& visit, Is<bay_ws_req> auto& s) {
    visit(s.call, s.flags, s.idle_ms, s.url);
    visit.list(s.headers, s.header_count);
    visit(s.subprotocols);
}
template <class Visit>
void fields(Visit& visit, Is<bay_error> auto& s) {
    visit(s.cls, s.http_status, s.retry, s.retry_after_ms, s.upstream_status);
    visit(s.message, s.type, s.code, s.param, s.upstream_body);
}
template <class Visit>
void fields(Visit& visit, Is<bay_usage> auto& s) {
    visit(s.input_tokens, s.output_tokens, s.cached_input_tokens, s.cache_write_tokens);
    visit(s.reasoning_tokens, s.audio_input_tokens, s.audio_output_tokens, s.units, s.images);
    visit(s.milliseconds, s.characters, s.searches, s.cache_write_1h_tokens);
    visit(s.image_input_tokens, s.image_output_tokens, s.tier);
}
template <class Visit>
void fields(Visit& visit, Is<bay_edit> auto& s) {
    visit(s.index, s.text, s.hold);
}
template <class Visit>
void fields(Visit& visit, Is<bay_verdict> auto& s) {
    visit(s.decision);
    visit.list(s.edits, s.edit_count);
    visit(s.json);
    visit.optional(s.error);
    visit(s.reason);
}
template <class Visit>
void fields(Visit& visit, Is<bay_target> auto& s) {
    visit(s.model, s.base_url, s.api_key, s.params);
}
template <class Visit>
void fields(Visit& visit, Is<bay_part> auto& s) {
    visit(s.name, s.filename, s.content_type, s.data, s.blob, s.length);
}
template <class Visit>
void fields(Visit& visit, Is<bay_text> auto& s) {
    visit(s.path, s.role, s.text, s.fixed);
}
template <class Visit>
void fields(Visit& visit, Is<bay_record> auto& s) {
    visit(s.type, s.seq, s.unix_ms, s.id, s.json);
}
template <class Visit>
void fields(Visit& visit, Is<bay_ev_request> auto& s) {
    visit(s.flags, s.operation, s.json);
    visit.optional(s.target);
    visit.list(s.parts, s.part_count);
    visit.list(s.headers, s.header_count);
    visit(s.path, s.method, s.model_off, s.model_len);
    visit.members(s.members, s.member_count, s.json);
    visit(s.allowed_params);
    visit.list(s.ids, s.id_count);
    visit.list(s.query, s.query_count);
    visit(s.content_type, s.hint_params);
}
template <class Visit>
void fields(Visit& visit, Is<bay_ev_inspect> auto& s) {
    visit(s.stage, s.flags, s.window, s.operation, s.json, s.request, s.params, s.metadata);
    visit.list(s.texts, s.text_count);
}
template <class Visit>
void fields(Visit& visit, Is<bay_ev_batch> auto& s) {
    visit(s.attempt);
    visit.list(s.records, s.record_count);
}
template <class Visit>
void fields(Visit& visit, Is<bay_ev_refresh> auto& s) {
    visit(s.key, s.old_value);
    visit.optional(s.target);
}
template <class Visit>
void fields(Visit& visit, Is<bay_ev_http> auto& s) {
    visit(s.call, s.status, s.failure, s.last);
    visit.list(s.headers, s.header_count);
    visit(s.event, s.id, s.data, s.error);
}
template <class Visit>
void fields(Visit& visit, Is<bay_ev_ws> auto& s) {
    visit(s.call, s.opcode, s.code, s.failure, s.data);
}
template <class Visit>
void fields(Visit& visit, Is<bay_ev_shared> auto& s) {
    visit(s.status, s.ttl_ms, s.key, s.value, s.error, s.cls, s.retry_after_ms);
}
template <class Visit>
void fields(Visit& visit, Is<bay_ev_timer> auto& s) {
    visit(s.timer);
}
template <class Visit>
void fields(Visit& visit, Is<bay_ev_cancel> auto& s) {
    visit(s.reason);
}

/// Writes fields. Structs that carry their size are completed first, where a plugin made them.
class FieldWriter {
  public:
    explicit FieldWriter(Writer& to) : to_(to) {}

    template <class... T>
    void operator()(const T&... values) {
        (one(values), ...);
    }
    template <class T>
    void list(const T* items, std::uint64_t count) {
        to_.number(count);
        for (std::uint64_t i = 0; i < count; ++i) one(items[i]);
    }
    template <class T>
    void optional(const T* value) {
        to_.number(static_cast<std::uint8_t>(value != nullptr));
        if (value != nullptr) one(complete(*value));
    }
    /// By place: names and values are parts of the body.
    void members(const bay_member* members, std::uint64_t count, bay_str) {
        to_.number(count);
        for (std::uint64_t i = 0; i < count; ++i) {
            const bay_member& m = members[i];
            (*this)(m.name_off, std::uint64_t{m.name.len}, m.value_off, std::uint64_t{m.value.len});
        }
    }

  private:
    template <class T>
    void one(const T& value) {
        if constexpr (std::is_integral_v<T>) {
            to_.number(value);
        } else if constexpr (std::is_same_v<T, bay_str>) {
            to_.text(value);
        } else if constexpr (std::is_pointer_v<T>) {
            fields(*this, *value);
        } else {
            fields(*this, value);
        }
    }
    Writer& to_;
};

/// The bytes that a struct takes at least, by which a count of them is judged.
class LeastSize {
  public:
    template <class T>
    static constexpr std::size_t of() {
        using Struct = std::remove_const_t<std::remove_pointer_t<T>>;
        if constexpr (std::is_integral_v<Struct>) return sizeof(Struct);
        LeastSize least;
        if constexpr (!std::is_integral_v<Struct>) {
            const Struct none{};
            fields(least, none);
        }
        return least.bytes_;
    }
    template <class... T>
    constexpr void operator()(const T&...) {
        ((bytes_ += std::is_integral_v<T> ? sizeof(T) : sizeof(std::uint64_t)), ...);
    }
    template <class T>
    constexpr void list(const T*, std::uint64_t) {
        bytes_ += sizeof(std::uint64_t);
    }
    template <class T>
    constexpr void optional(const T*) {
        bytes_ += sizeof(std::uint8_t);
    }

  private:
    std::size_t bytes_ = 0;
};

/// Reads fields back. Texts point into the bytes that are read, lists into `memory`; after the
/// first failure all is zero and absent, and lists are empty.
class FieldReader {
  public:
    FieldReader(Reader& from, std::pmr::memory_resource& memory) : from_(from), memory_(memory) {}

    bool failed() const { return from_.failed(); }
    /// One that says its size, if its type does.
    template <class T>
    static T blank() {
        T value{};
        if constexpr (requires { value.size; }) value.size = sizeof value;
        return value;
    }
    template <class... T>
    void operator()(T&... values) {
        (one(values), ...);
    }
    template <class T>
    void list(const T*& items, std::uint64_t& count) {
        count = from_.count(LeastSize::of<T>());
        T* read = room_for<T>(count);
        for (std::uint64_t i = 0; i < count; ++i) one(read[i]);
        items = read;
    }
    template <class T>
    void optional(const T*& value) {
        value = nullptr;
        if (from_.number<std::uint8_t>() == 0) return;
        T* read = room_for<T>(1);
        one(*read);
        value = read;
    }
    void members(const bay_member*& members, std::uint64_t& count, bay_str json) {
        count = from_.count(4 * sizeof(std::uint64_t));
        bay_member* read = room_for<bay_member>(count);
        members = read;
        for (std::uint64_t i = 0; i < count; ++i) {
            bay_member& m = read[i];
            std::uint64_t name_len = 0;
            std::uint64_t value_len = 0;
            (*this)(m.name_off, name_len, m.value_off, value_len);
            // The quote in front of a name is not part of it.
            m.name = part(json, m.name_off == UINT64_MAX ? UINT64_MAX : m.name_off + 1, name_len);
            m.value = part(json, m.value_off, value_len);
        }
    }

  private:
    template <class T>
    void one(T& value) {
        if constexpr (std::is_integral_v<T>) {
            value = from_.number<T>();
        } else if constexpr (std::is_same_v<T, bay_str>) {
            value = from_.text();
        } else if constexpr (std::is_pointer_v<T>) {
            auto* read = room_for<std::remove_const_t<std::remove_pointer_t<T>>>(1);
            value = read;
            fields(*this, *read);
        } else {
            fields(*this, value);
        }
    }
    template <class T>
    T* room_for(std::uint64_t count) {
        T* items = static_cast<T*>(memory_.allocate(count * sizeof(T), alignof(T)));
        for (std::uint64_t i = 0; i < count; ++i) new (items + i) T(blank<T>());
        return items;
    }
    bay_str part(bay_str whole, std::uint64_t off, std::uint64_t len) {
        if (off > whole.len || len > whole.len - off) from_.fail();
        return from_.failed() ? bay_str{nullptr, 0} : bay_str{whole.ptr + off, len};
    }

    Reader& from_;
    std::pmr::memory_resource& memory_;
};

}  // namespace patchbay::isolation
