// How something ended, for those who keep it as long as a stream lasts.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "contract/error.hpp"

namespace patchbay {

/// A std::optional<Error> of a pointer's size. Coroutines hold a few for as long as they run, and of a
/// call that goes well all of them are empty. A value, copied and moved freely.
class Failed {
  public:
    Failed() = default;
    Failed(std::nullopt_t) {}
    Failed(Error error) : error_(std::make_unique<Error>(std::move(error))) {}
    Failed(std::optional<Error> error) {
        if (error) error_ = std::make_unique<Error>(std::move(*error));
    }

    Failed(const Failed& other) : Failed(other.error_ ? Failed(*other.error_) : Failed()) {}
    Failed(Failed&&) noexcept = default;
    Failed& operator=(Failed other) noexcept {
        error_ = std::move(other.error_);
        return *this;
    }
    ~Failed() = default;

    explicit operator bool() const { return error_ != nullptr; }
    Error& operator*() { return *error_; }
    const Error& operator*() const { return *error_; }
    Error* operator->() { return error_.get(); }
    const Error* operator->() const { return error_.get(); }
    /// nullptr: it did not fail.
    const Error* get() const { return error_.get(); }
    /// Moves it out; it is empty afterwards.
    std::optional<Error> take() {
        const std::unique_ptr<Error> taken = std::move(error_);
        return taken ? std::optional(std::move(*taken)) : std::nullopt;
    }

  private:
    std::unique_ptr<Error> error_;
};

}  // namespace patchbay
