// The provider "openai_compatible": one instance for every row of openai_compatible.json in use.
#include <patchbay/sdk.hpp>

#include "openai_shared/operations.hpp"
#include "row.hpp"

namespace patchbay::openai {

namespace {

class OpenAiCompatible : public bay::Provider {
  public:
    static constexpr char id[] = "openai_compatible";

    OpenAiCompatible(std::string_view config, bay::Diag& diag) {
        RowResult row = read_row(config);
        for (const RowProblem& problem : row.problems) diag.error(problem.pointer, problem.message);
        dialect_ = std::move(row.dialect);
    }

    std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
        return open_exchange(dialect_);
    }

  private:
    Dialect dialect_;
};

}  // namespace

}  // namespace patchbay::openai

BAY_PLUGIN(bay::Providers<patchbay::openai::OpenAiCompatible>)
