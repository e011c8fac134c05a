// A string that cannot be printed: API keys, the master key, tokens.
//
// There is no operator<<, no fmt formatter and no conversion to a string type, so a secret cannot
// reach a log line or an error text by accident; reveal() is the only way out and is greppable.
#pragma once

#include <string>
#include <string_view>

namespace patchbay {

/// Immutable after construction; may be read from any thread. The bytes are overwritten on
/// destruction.
class Secret {
  public:
    Secret() = default;
    explicit Secret(std::string value) : value_(std::move(value)) {}
    Secret(const Secret&) = default;
    Secret(Secret&&) = default;
    Secret& operator=(const Secret&) = default;
    Secret& operator=(Secret&&) = default;
    ~Secret();

    bool empty() const { return value_.empty(); }
    /// The value itself; the view lives as long as this object. Never pass it to a log or an error.
    std::string_view reveal() const { return value_; }
    /// Compares in time that depends on the lengths alone. Neither side may be guessed byte by
    /// byte.
    bool equals(std::string_view other) const;

  private:
    std::string value_;
};

}  // namespace patchbay
