#include "target.hpp"

#include <algorithm>

#include "openai_shared/translated_exchange.hpp"

namespace patchbay::huggingface {

namespace {

/// "provider/organisation/model" has a provider, "organisation/model" has none.
struct Name {
    std::string_view provider;
    std::string_view model;
};

Name read_name(std::string_view text) {
    const auto slashes = std::count(text.begin(), text.end(), '/');
    if (slashes < 2) return {{}, text};
    const auto first = text.find('/');
    return {text.substr(0, first), text.substr(first + 1)};
}

/// The path of an address, without its query and the slashes at its end.
std::string_view without_v1(std::string_view address) {
    return openai::without_endings(address, {"/v1/chat/completions", "/chat/completions", "/v1"});
}

}  // namespace

bool is_router(std::string_view address) {
    return without_v1(address) == kRouter;
}

std::string model_name(std::string_view model, bool router) {
    const Name name = read_name(model);
    if (!router || name.provider.empty()) return std::string(model);
    return std::string(name.model).append(":").append(name.provider);
}

std::string chat_address(std::string_view address) {
    return std::string(without_v1(address)).append("/v1/chat/completions");
}

std::string embeddings_url(std::string_view address, std::string_view model) {
    if (!is_router(address)) return std::string(openai::without_endings(address, {}));
    const Name name = read_name(model);
    std::string url(kRouter);
    url.append("/").append(name.provider.empty() ? "hf-inference" : name.provider);
    return url.append("/models/").append(name.model).append("/pipeline/feature-extraction");
}

std::string rerank_url(std::string_view address) {
    return std::string(openai::without_endings(address, {"/rerank"})).append("/rerank");
}

}  // namespace patchbay::huggingface
