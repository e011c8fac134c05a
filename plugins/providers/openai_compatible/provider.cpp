// The provider "openai_compatible": one instance for every row of openai_compatible.json in use.
#include <memory>
#include <optional>
#include <patchbay/sdk.hpp>

#include "openai_shared/login.hpp"
#include "openai_shared/operations.hpp"
#include "row.hpp"

namespace patchbay::openai {

namespace {

using Made = std::unique_ptr<bay::Exchange>;

/// A request, or the token of a row that logs in. [exchange]
class Opened : public bay::Exchange {
  public:
    explicit Opened(const Dialect& dialect) : dialect_(dialect) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override {
        machine_ = open_exchange(dialect_);
        return machine_->on_request(request, out);
    }
    bay_status on_refresh(const bay_ev_refresh& refresh, bay::Out out) override {
        machine_ = std::make_unique<LoginExchange>(dialect_);
        return machine_->on_refresh(refresh, out);
    }
    bay::Exchange& current() noexcept override { return machine_ ? machine_->current() : *this; }

  private:
    const Dialect& dialect_;
    Made machine_;
};

class OpenAiCompatible : public bay::Provider {
  public:
    static constexpr char id[] = "openai_compatible";

    OpenAiCompatible(std::string_view config, bay::Diag& diag) {
        RowResult row = read_row(config);
        for (const RowProblem& problem : row.problems) diag.error(problem.pointer, problem.message);
        dialect_ = std::move(row.dialect);
        if (!dialect_.login) return;
        crypto_ = bay::Crypto::find(diag, bay::Crypto::Need::digests);
        dialect_.site = &site_;
    }

    Made open(const bay_open_info&) override {
        if (dialect_.login) return std::make_unique<Opened>(dialect_);
        return open_exchange(dialect_);
    }

  private:
    Dialect dialect_;
    std::optional<bay::Crypto> crypto_;  // of a row that logs in
    LoginSite site_{dialect_, crypto_};
};

}  // namespace

}  // namespace patchbay::openai

BAY_PLUGIN(bay::Providers<patchbay::openai::OpenAiCompatible>)
