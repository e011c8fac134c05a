// A message that lies whole in the pushed bytes is not copied. One that does not is collected in
// pending_, and its CRC is taken as it comes, so that no push costs more than its own bytes.
//
// Tested by aws_eventstream_test.cpp.
#include "contract/framing/aws_eventstream.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>

#include <boost/endian/conversion.hpp>

#include "contract/framing/decoder_bytes.hpp"

namespace patchbay::http {

namespace {

constexpr std::size_t kPrelude = 12;
constexpr std::size_t kCrc = 4;
constexpr std::size_t kLeast = kPrelude + kCrc;
constexpr std::size_t kUuid = 16;

enum class Type : unsigned char {
    bool_true,
    bool_false,
    int8,
    int16,
    int32,
    int64,
    bytes,
    string,
    timestamp,
    uuid,
};

/// `bytes` must be large enough.
template <class Number>
Number number_at(std::string_view bytes, std::size_t at) {
    return boost::endian::endian_load<Number, sizeof(Number), boost::endian::order::big>(
        reinterpret_cast<const unsigned char*>(bytes.data()) + at);
}

std::uint32_t crc_of(std::string_view bytes) {
    boost::crc_32_type crc;
    crc.process_bytes(bytes.data(), bytes.size());
    return crc.checksum();
}

/// Takes bytes off the head of a list of headers; nullopt if there are not so many.
class HeaderReader {
  public:
    explicit HeaderReader(std::string_view bytes) : rest_(bytes) {}
    bool at_end() const { return rest_.empty(); }

    std::optional<std::string_view> take(std::size_t size) {
        if (size > rest_.size()) return std::nullopt;
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }
    template <class Size>
    std::optional<std::string_view> take_sized() {
        const auto size = take(sizeof(Size));
        return size ? take(number_at<Size>(*size, 0)) : std::nullopt;
    }

  private:
    std::string_view rest_;
};

/// Numbers as they are written out.
struct Text {
    char chars[40];
    std::size_t size = 0;
    std::string_view view() const { return {chars, size}; }
};

Text decimal(std::string_view bytes) {
    std::int64_t value = 0;
    switch (bytes.size()) {
        case 1:
            value = number_at<std::int8_t>(bytes, 0);
            break;
        case 2:
            value = number_at<std::int16_t>(bytes, 0);
            break;
        case 4:
            value = number_at<std::int32_t>(bytes, 0);
            break;
        default:
            value = number_at<std::int64_t>(bytes, 0);
    }
    Text text;
    const auto end = std::to_chars(text.chars, text.chars + sizeof text.chars, value).ptr;
    text.size = static_cast<std::size_t>(end - text.chars);
    return text;
}

Text uuid(std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    Text text;
    for (std::size_t i = 0; i < kUuid; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text.chars[text.size++] = '-';
        const auto byte = static_cast<unsigned char>(bytes[i]);
        text.chars[text.size++] = kDigits[byte >> 4];
        text.chars[text.size++] = kDigits[byte & 0xF];
    }
    return text;
}

std::string_view value_of(const std::vector<Header>& headers, std::string_view name) {
    const auto found = std::find_if(headers.begin(), headers.end(),
                                    [name](const Header& header) { return header.name == name; });
    return found != headers.end() ? found->value : std::string_view();
}

}  // namespace

DecodeStatus AwsEventStreamDecoder::push(std::string_view bytes, std::vector<Frame>& frames) {
    if (status() != DecodeStatus::ok) return status();
    arena_.release();
    done_.clear();
    drop_if_huge(done_);
    while (status() == DecodeStatus::ok && !bytes.empty()) {
        if (total_ == 0) {
            if (pending_.empty() && bytes.size() >= kPrelude) {
                take_prelude(bytes);
            } else if (collect(bytes, kPrelude, kPrelude)) {
                take_prelude(pending_);
            }
        } else if (pending_.empty() && bytes.size() >= total_) {
            const std::string_view message = bytes.substr(0, total_);
            bytes.remove_prefix(total_);
            crc_.process_bytes(message.data(), message.size() - kCrc);
            take_message(message, frames);
        } else if (collect(bytes, total_, total_ - kCrc)) {
            done_.swap(pending_);
            pending_.clear();
            take_message(done_, frames);
        }
    }
    return status();
}

// Moves bytes to pending_ until it has `size`, and adds those that stand before `counted` to the
// CRC. True if it has them all.
bool AwsEventStreamDecoder::collect(std::string_view& bytes, std::size_t size,
                                    std::size_t counted) {
    const std::size_t had = pending_.size();
    pending_.append(bytes.substr(0, size - had));
    bytes.remove_prefix(pending_.size() - had);
    const std::size_t end = std::min(pending_.size(), counted);
    if (end > had) crc_.process_bytes(pending_.data() + had, end - had);
    return pending_.size() == size;
}

DecodeStatus AwsEventStreamDecoder::finish(std::vector<Frame>&) {
    if (status() == DecodeStatus::ok && !pending_.empty()) {
        return wrong(DecodeStatus::cut, "the stream ended inside it");
    }
    return status();
}

// Sets total_, or fails.
void AwsEventStreamDecoder::take_prelude(std::string_view prelude) {
    const auto total = number_at<std::uint32_t>(prelude, 0);
    const auto headers = number_at<std::uint32_t>(prelude, 4);
    if (crc_of(prelude.substr(0, 8)) != number_at<std::uint32_t>(prelude, 8)) {
        wrong(DecodeStatus::malformed, "the CRC of its prelude is wrong");
    } else if (total < kLeast || headers > total - kLeast) {
        wrong(DecodeStatus::malformed, "its lengths contradict each other");
    } else if (total > max_frame_ || headers > kMaxHeaderBytes) {
        wrong(DecodeStatus::too_large, "it is larger than the limit");
    } else {
        total_ = total;
        header_bytes_ = headers;
    }
}

// The message in hand, whole; crc_ is that of all but its last four bytes.
void AwsEventStreamDecoder::take_message(std::string_view message, std::vector<Frame>& frames) {
    const std::size_t end = message.size() - kCrc;
    if (crc_.checksum() != number_at<std::uint32_t>(message, end)) {
        wrong(DecodeStatus::malformed, "its CRC is wrong");
        return;
    }
    headers_.clear();
    if (!take_headers(message.substr(kPrelude, header_bytes_), headers_)) {
        wrong(DecodeStatus::malformed, "its headers make no sense");
        return;
    }
    Frame frame;
    frame.event = value_of(headers_, ":event-type");
    if (frame.event.empty()) frame.event = value_of(headers_, ":exception-type");
    const std::size_t payload = kPrelude + header_bytes_;
    frame.data = message.substr(payload, end - payload);
    if (!headers_.empty()) {
        auto* kept = static_cast<Header*>(
            arena_.allocate(headers_.size() * sizeof(Header), alignof(Header)));
        std::uninitialized_copy(headers_.begin(), headers_.end(), kept);
        frame.headers = {kept, headers_.size()};
    }
    frames.push_back(frame);
    begin_ += total_;
    total_ = 0;
    crc_.reset();
}

bool AwsEventStreamDecoder::take_headers(std::string_view bytes, std::vector<Header>& headers) {
    HeaderReader from(bytes);
    while (!from.at_end()) {
        const auto name = from.take_sized<std::uint8_t>();
        const auto type = from.take(1);
        if (!name || name->empty() || !type) return false;
        std::optional<std::string_view> value;
        switch (static_cast<Type>(type->front())) {
            case Type::bool_true:
                value = "true";
                break;
            case Type::bool_false:
                value = "false";
                break;
            case Type::int8:
                value = from.take(sizeof(std::int8_t));
                if (value) value = keep(decimal(*value).view());
                break;
            case Type::int16:
                value = from.take(sizeof(std::int16_t));
                if (value) value = keep(decimal(*value).view());
                break;
            case Type::int32:
                value = from.take(sizeof(std::int32_t));
                if (value) value = keep(decimal(*value).view());
                break;
            case Type::int64:
            case Type::timestamp:
                value = from.take(sizeof(std::int64_t));
                if (value) value = keep(decimal(*value).view());
                break;
            case Type::bytes:
            case Type::string:
                value = from.take_sized<std::uint16_t>();
                break;
            case Type::uuid:
                value = from.take(kUuid);
                if (value) value = keep(uuid(*value).view());
                break;
        }
        if (!value) return false;
        headers.push_back({*name, *value});
    }
    return true;
}

std::string_view AwsEventStreamDecoder::keep(std::string_view text) {
    auto* kept = static_cast<char*>(arena_.allocate(text.size(), 1));
    std::memcpy(kept, text.data(), text.size());
    return {kept, text.size()};
}

DecodeStatus AwsEventStreamDecoder::wrong(DecodeStatus status, std::string_view what) {
    return fail(status, "message at byte " + std::to_string(begin_) +
                            " of the event stream: " + std::string(what));
}

}  // namespace patchbay::http
