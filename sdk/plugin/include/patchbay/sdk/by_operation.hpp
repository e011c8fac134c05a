// SPDX-License-Identifier: Apache-2.0
// A machine for each operation, out of a table: what is asked shows only in the first event.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "machine.hpp"

namespace bay {

/// One row: an operation and what makes its machine. `Context` is what all machines of a provider
/// are made of, such as a pointer to its settings.
template <class Context>
struct Operation {
    std::string_view id;  ///< BAY_OP_*; "" is the machine that computes shared values (on_refresh)
    /// `id` is that of the row. nullptr: this instance does not have the operation.
    std::unique_ptr<Exchange> (*make)(const Context& context, std::string_view id);
};

/// For rows whose machine is made of the context alone:
///
///     constexpr bay::Operation<const Settings*> kOperations[] = {
///         {BAY_OP_CHAT_COMPLETIONS, bay::make_machine<ChatExchange>},
///         {BAY_OP_EMBEDDINGS, bay::make_machine<EmbeddingsExchange>},
///     };
template <class Machine, class Context>
std::unique_ptr<Exchange> make_machine(const Context& context, std::string_view) {
    return std::make_unique<Machine>(context);
}

/// What a Provider opens: at the first event it makes the machine of the row with the request's
/// operation, which takes that event and all others. An operation without one fails as
/// unsupported, on behalf of `provider`, and is not tried again. [exchange]
template <class Context>
class ByOperation : public Exchange {
  public:
    /// `rows` are static; `provider` is, or belongs to the instance.
    template <std::size_t N>
    ByOperation(const Operation<Context> (&rows)[N], Context context, std::string_view provider)
        : rows_(rows), count_(N), context_(std::move(context)), provider_(provider) {}

    bay_status on_request(const bay_ev_request& request, Out out) override {
        const std::string_view operation = sv(request.operation);
        if (make(operation)) return machine_->on_request(request, out);
        const std::string message =
            std::string(provider_) + " does not support " + std::string(operation) + " here";
        Error error;
        error.cls = BAY_ERR_UNSUPPORTED;
        error.message = message;
        error.type = "invalid_request_error";
        error.retry = BAY_RETRY_NEVER;
        return out.fail(error);
    }
    bay_status on_refresh(const bay_ev_refresh& refresh, Out out) override {
        return make({}) ? machine_->on_refresh(refresh, out) : bay_status{BAY_E_UNSUPPORTED};
    }
    Exchange& current() noexcept override { return machine_ ? machine_->current() : *this; }

  private:
    bool make(std::string_view id) {
        for (std::size_t i = 0; i < count_ && !machine_; ++i) {
            if (rows_[i].id == id) machine_ = rows_[i].make(context_, id);
        }
        return machine_ != nullptr;
    }

    const Operation<Context>* rows_;
    std::size_t count_;
    Context context_;
    std::string_view provider_;
    std::unique_ptr<Exchange> machine_;  ///< set by the first event
};

}  // namespace bay
