#include "engine/isolation/action_codec.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory_resource>
#include <type_traits>

#include "contract/actions/out_table.hpp"
#include "contract/crypto/crypto.hpp"
#include "engine/isolation/fields.hpp"

namespace patchbay::isolation {

namespace {

/// Refusals for a limit or by policy are told too: the gateway's recorder refuses in the same way
/// and counts it.
bool told(bay_status status) {
    return status == BAY_OK || status == BAY_E_LIMIT || status == BAY_E_DENIED;
}

/// The arguments of an action, in their order: numbers, texts, structs, and as the last two a list
/// and its length.
template <class... A>
struct Arguments;

template <>
struct Arguments<> {
    static void write(FieldWriter&) {}
    /// Nothing is done with an action that was not read whole.
    template <class Call>
    static bay_status read(FieldReader& from, const Call& call) {
        return from.failed() ? bay_status{BAY_E_INVALID} : call();
    }
};

template <class T>
struct Arguments<const T*, std::uint64_t> {
    static void write(FieldWriter& to, const T* items, std::uint64_t count) {
        to.list(items, count);
    }
    template <class Call>
    static bay_status read(FieldReader& from, const Call& call) {
        const T* items = nullptr;
        std::uint64_t count = 0;
        from.list(items, count);
        return Arguments<>::read(from, [&] { return call(items, count); });
    }
};

template <class T, class... Rest>
struct Arguments<const T*, Rest...> {
    static void write(FieldWriter& to, const T* value, Rest... rest) {
        to(complete(*value));
        Arguments<Rest...>::write(to, rest...);
    }
    template <class Call>
    static bay_status read(FieldReader& from, const Call& call) {
        T value = FieldReader::blank<T>();
        from(value);
        return Arguments<Rest...>::read(from, [&](Rest... rest) { return call(&value, rest...); });
    }
};

template <class T, class... Rest>
struct Arguments<T, Rest...> {
    static void write(FieldWriter& to, T value, Rest... rest) {
        to(value);
        Arguments<Rest...>::write(to, rest...);
    }
    template <class Call>
    static bay_status read(FieldReader& from, const Call& call) {
        T value{};
        from(value);
        return Arguments<Rest...>::read(from, [&](Rest... rest) { return call(value, rest...); });
    }
};

template <auto Member>
struct Of {};

using Replay = bay_status (*)(FieldReader&, bay_out&);

template <auto Member, class... A>
Replay replay_of(bay_status (BAY_CALL* bay_out::*)(bay_out*, A...) BAY_NOEXCEPT) {
    return [](FieldReader& from, bay_out& out) {
        return Arguments<A...>::read(from, [&](A... a) { return (out.*Member)(&out, a...); });
    };
}

/// The actions that are written, members of bay_out. The place in this list is what stands for an
/// action in the bytes.
template <auto... Members>
struct List {
    template <auto Member>
    static constexpr std::uint8_t number() {
        std::uint8_t at = 0;
        std::uint8_t found = 0;
        ((found = std::is_same_v<Of<Member>, Of<Members>> ? at : found, ++at), ...);
        return found;
    }
    static constexpr std::size_t kCount = sizeof...(Members);
    static const std::array<Replay, kCount>& replays() {
        static const std::array<Replay, kCount> all{replay_of<Members>(Members)...};
        return all;
    }
};

using Actions =
    List<&bay_out::http, &bay_out::http_abort, &bay_out::shared_get, &bay_out::shared_put,
         &bay_out::shared_drop, &bay_out::timer, &bay_out::want, &bay_out::note, &bay_out::fail,
         &bay_out::done, &bay_out::result, &bay_out::chunk, &bay_out::body, &bay_out::usage,
         &bay_out::pass_through, &bay_out::ws_open, &bay_out::ws_send, &bay_out::ws_close,
         &bay_out::verdict, &bay_out::retry_records, &bay_out::head>;

}  // namespace

struct ActionWriter::Slots {
    static ActionWriter& self(bay_out* o) { return *static_cast<ActionWriter*>(o->ctx); }

    template <class... A>
    using Function = bay_status(BAY_CALL*)(bay_out*, A...) BAY_NOEXCEPT;

    /// Becomes the function of a member: asks the judge, and writes what is told.
    template <auto Member>
    struct Tell {
        template <class... A>
        operator Function<A...>() const {
            return [](bay_out* o, A... a) noexcept -> bay_status {
                bay_out& judge = self(o).judge_;
                const bay_status status = (judge.*Member)(&judge, a...);
                if (!told(status)) return status;
                Writer& to = *self(o).to_;
                to.number(Actions::number<Member>());
                FieldWriter writer(to);
                Arguments<A...>::write(writer, a...);
                return status;
            };
        }
    };
    static constexpr Tell<&bay_out::http> http{};
    static constexpr Tell<&bay_out::http_abort> http_abort{};
    static constexpr Tell<&bay_out::shared_get> shared_get{};
    static constexpr Tell<&bay_out::shared_put> shared_put{};
    static constexpr Tell<&bay_out::shared_drop> shared_drop{};
    static constexpr Tell<&bay_out::timer> timer{};
    static constexpr Tell<&bay_out::want> want{};
    static constexpr Tell<&bay_out::note> note{};
    static constexpr Tell<&bay_out::fail> fail{};
    static constexpr Tell<&bay_out::done> done{};
    static constexpr Tell<&bay_out::result> result{};
    static constexpr Tell<&bay_out::chunk> chunk{};
    static constexpr Tell<&bay_out::body> body{};
    static constexpr Tell<&bay_out::usage> usage{};
    static constexpr Tell<&bay_out::pass_through> pass_through{};
    static constexpr Tell<&bay_out::ws_open> ws_open{};
    static constexpr Tell<&bay_out::ws_send> ws_send{};
    static constexpr Tell<&bay_out::ws_close> ws_close{};
    static constexpr Tell<&bay_out::verdict> verdict{};
    static constexpr Tell<&bay_out::retry_records> retry_records{};
    static constexpr Tell<&bay_out::head> head{};

    static void* get_extension(bay_out*, const char* id) noexcept {
        static SegmentDigest digest{sha256};
        return id != nullptr && id == kSegmentDigest ? &digest : nullptr;
    }
    /// Blobs are in the gateway alone.
    static bay_status sha256(bay_out*, const bay_seg* segments, std::uint64_t count,
                             std::uint8_t out[32]) {
        const bool blobs = std::any_of(segments, segments + count, [](const bay_seg& segment) {
            return segment.kind != BAY_SEG_BYTES;
        });
        if (blobs) return BAY_E_UNSUPPORTED;
        return sha256_segments(segments, count, nullptr, out);
    }
};

ActionWriter::ActionWriter(bay_out& judge) : judge_(judge), out_(out_table<Slots>(this)) {}

bool replay_actions(Reader& from, bay_out& out) {
    while (!from.at_end()) {
        const auto number = from.number<std::uint8_t>();
        if (number >= Actions::kCount) return false;
        std::array<std::byte, 1024> first;
        std::pmr::monotonic_buffer_resource memory(first.data(), first.size());
        FieldReader fields(from, memory);
        const bay_status status = Actions::replays()[number](fields, out);
        if (from.failed() || !told(status)) return false;
    }
    return !from.failed();
}

}  // namespace patchbay::isolation
