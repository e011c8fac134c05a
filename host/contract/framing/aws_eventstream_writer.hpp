// Writes AWS event streams; what a message looks like stands in aws_eventstream.hpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace patchbay::http {

/// One message, written behind what `to` holds: its headers, then begin_payload(), then the payload,
/// which is appended to `to` by whoever has it, then end(). Until then `to` ends in a message that
/// nobody can read. At most 4 GiB; AWS's clients take 24 MiB. One thread at a time.
class AwsMessage {
  public:
    explicit AwsMessage(std::string& to);
    AwsMessage(const AwsMessage&) = delete;
    AwsMessage& operator=(const AwsMessage&) = delete;

    /// A header whose value is a string, which is all that AWS's services send. `name` has 1 to 255
    /// bytes, `value` up to 65,535.
    void header(std::string_view name, std::string_view value);
    void begin_payload();
    /// Fills in lengths and checksums. Once.
    void end();

  private:
    std::string& to_;
    std::size_t begin_;             // of the message in to_
    std::size_t header_bytes_ = 0;  // known from begin_payload() on
};

}  // namespace patchbay::http
