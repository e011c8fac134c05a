// The provider "openai": OpenAI's chat and realtime APIs, and any server that is configured as one.
#include <patchbay/sdk.hpp>

#include "openai_shared/any_exchange.hpp"

namespace patchbay::openai {

namespace {

/// OpenAI speaks its own dialect: only its model families differ from one another. A local server
/// behind "openai/" may need no key.
Dialect own_dialect() {
    Dialect dialect;
    dialect.provider = "openai";
    dialect.base_url = "https://api.openai.com/v1";
    dialect.key_optional = true;
    dialect.openai_families = true;
    dialect.realtime = true;
    return dialect;
}

class OpenAi : public bay::Provider {
  public:
    static constexpr char id[] = "openai";

    OpenAi(std::string_view, bay::Diag&) : dialect_(own_dialect()) {}

    std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
        return std::make_unique<AnyExchange>(dialect_);
    }

  private:
    Dialect dialect_;
};

}  // namespace

}  // namespace patchbay::openai

BAY_PLUGIN(bay::Providers<patchbay::openai::OpenAi>)
