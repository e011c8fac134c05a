// Bytes between the gateway and a plugin's process: frames, and the values inside them.
//
//     u32 size of what follows | u8 type | u32 id | payload
//
// Both ends are built from the same tree (the version is compared at the start), so numbers are in
// the machine's own order and there is no versioning of frames. A child may have been taken over by
// its plugin, so the gateway believes nothing it reads: every read is checked against what is left.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "patchbay/abi.h"

namespace patchbay::isolation {

/// The form of what a machine answers, as its recorder must know it.
struct AnswerForm {
    bool stream = false;
    bool bytes = false;         ///< Results::takes_bytes()
    bool named_events = false;  ///< Shape::named_events
};

enum class FrameType : std::uint8_t {
    // to the child; the id is that of an instance (create) or of an exchange
    create = 1,  ///< kind, component, name, config, egress; answered with created
    open = 2,    ///< instance, role, stream, base URL, open info; not answered
    feed = 3,    ///< an event; answered with fed
    close = 4,   ///< ends an exchange; not answered
    // to the gateway
    ready = 16,    ///< once: version, what is wrong (empty = nothing)
    created = 17,  ///< status, what the plugin reported
    fed = 18,      ///< status, the actions
    log = 19,      ///< level, a line
};

inline constexpr std::size_t kHeaderSize = 9;
/// A frame that says it is larger ends the connection. More than an exchange's actions may hold.
inline constexpr std::size_t kMaxFrame = 768u << 20;

/// Appends to a string.
class Writer {
  public:
    explicit Writer(std::string& to) : to_(to) {}

    /// Starts a frame; end() fills in its size. Frames do not nest.
    void begin(FrameType type, std::uint32_t id) {
        begin_ = to_.size();
        number(std::uint32_t{0});
        number(static_cast<std::uint8_t>(type));
        number(id);
    }
    void end() {
        const auto size = static_cast<std::uint32_t>(to_.size() - begin_ - sizeof(std::uint32_t));
        std::memcpy(to_.data() + begin_, &size, sizeof size);
    }

    template <class Number>
    void number(Number value) {
        static_assert(std::is_integral_v<Number>);
        to_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    /// Absent and empty stay different (ABI rule R3).
    void text(bay_str value) {
        if (value.ptr == nullptr) return number(kAbsent);
        number(std::uint64_t{value.len});
        to_.append(value.ptr, value.len);
    }
    void text(std::string_view value) {
        text(bay_str{value.data() ? value.data() : "", value.size()});
    }
    /// Takes back all since begin().
    void cancel() { to_.resize(begin_); }

    static constexpr std::uint64_t kAbsent = ~std::uint64_t{0};

  private:
    std::string& to_;
    std::size_t begin_ = 0;
};

/// Reads what a Writer wrote; views point into the bytes. After the first failure everything reads
/// as zero and absent.
class Reader {
  public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}

    template <class Number>
    Number number() {
        static_assert(std::is_integral_v<Number>);
        Number value{};
        if (rest_.size() < sizeof value) return fail(), Number{};
        std::memcpy(&value, rest_.data(), sizeof value);
        rest_.remove_prefix(sizeof value);
        return value;
    }
    bay_str text() {
        const auto size = number<std::uint64_t>();
        if (failed_ || size == Writer::kAbsent) return {nullptr, 0};
        if (size > rest_.size()) return fail(), bay_str{nullptr, 0};
        const bay_str value{rest_.data(), static_cast<std::size_t>(size)};
        rest_.remove_prefix(value.len);
        return value;
    }
    std::string_view view() {
        const bay_str value = text();
        return value.ptr == nullptr ? std::string_view() : std::string_view(value.ptr, value.len);
    }
    /// The number of things that follow, each at least `least` bytes long.
    std::size_t count(std::size_t least) {
        const auto value = number<std::uint64_t>();
        if (value > rest_.size() / least) return fail(), 0;
        return static_cast<std::size_t>(value);
    }
    bool failed() const { return failed_; }
    bool at_end() const { return rest_.empty(); }
    void fail() {
        failed_ = true;
        rest_ = {};
    }

  private:
    std::string_view rest_;
    bool failed_ = false;
};

struct Frame {
    FrameType type{};
    std::uint32_t id = 0;
    std::string_view payload;  ///< into the bytes that were given
    std::size_t size = 0;      ///< of the whole frame
};

enum class FrameStatus { whole, more, bad };

/// Finds the frame at the head of `bytes`. `more`: it is not whole yet. `bad`: it never will be.
inline FrameStatus take_frame(std::string_view bytes, Frame& frame) {
    if (bytes.size() < kHeaderSize) return FrameStatus::more;
    std::uint32_t size = 0;
    std::memcpy(&size, bytes.data(), sizeof size);
    if (size < kHeaderSize - sizeof size || size > kMaxFrame) return FrameStatus::bad;
    if (bytes.size() - sizeof size < size) return FrameStatus::more;
    frame.type = static_cast<FrameType>(bytes[4]);
    std::memcpy(&frame.id, bytes.data() + 5, sizeof frame.id);
    frame.payload = bytes.substr(kHeaderSize, size + sizeof size - kHeaderSize);
    frame.size = size + sizeof size;
    return FrameStatus::whole;
}

}  // namespace patchbay::isolation
