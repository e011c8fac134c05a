// The provider "openai": OpenAI's API, and any server that is configured as one.
#include <patchbay/sdk.hpp>

#include "chat/count_tokens.hpp"
#include "openai_shared/operations.hpp"
#include "openai_shared/pass_operation.hpp"

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
    dialect.operations = {
        {BAY_OP_CHAT_COMPLETIONS},
        {BAY_OP_COMPLETIONS},
        {BAY_OP_RESPONSES},
        {BAY_OP_RESPONSES_GET},
        {BAY_OP_RESPONSES_DELETE},
        {BAY_OP_RESPONSES_CANCEL},
        {BAY_OP_RESPONSES_INPUT_ITEMS},
        {kCompactResponse},
        {kCountResponse},
        {shared::kCountChat},
        // Models before the third generation refuse it; what else runs behind "openai/" may not.
        {BAY_OP_EMBEDDINGS, {}, {"dimensions"}, {"text-embedding-ada-*"}},
        {BAY_OP_MODERATIONS},
        {BAY_OP_IMAGES_GENERATE},
        {BAY_OP_IMAGES_EDIT},
        {BAY_OP_IMAGES_VARIATIONS},
        {BAY_OP_AUDIO_SPEECH},
        {BAY_OP_AUDIO_TRANSCRIPTIONS},
        {BAY_OP_AUDIO_TRANSLATIONS},
        {BAY_OP_REALTIME},
    };
    return dialect;
}

class OpenAi : public bay::Provider {
  public:
    static constexpr char id[] = "openai";

    OpenAi(std::string_view, bay::Diag&) : dialect_(own_dialect()) {}

    std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
        return open_exchange(dialect_);
    }

  private:
    Dialect dialect_;
};

}  // namespace

}  // namespace patchbay::openai

BAY_PLUGIN(bay::Providers<patchbay::openai::OpenAi>)
