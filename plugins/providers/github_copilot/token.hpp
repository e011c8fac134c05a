// SPDX-License-Identifier: Apache-2.0
// Copilot's own tokens, for which GitHub's are exchanged.
#pragma once

#include <string>
#include <string_view>

#include "oauth/token.hpp"
#include "oauth/token_exchange.hpp"
#include "patchbay/sdk/crypto.hpp"

namespace patchbay::github_copilot {

/// True for a token of GitHub's, by what its kinds begin with ("About authentication to GitHub"); all
/// else is taken for a token of Copilot's, which needs no exchange.
bool is_github_token(std::string_view key);

/// Names the token that `key` is exchanged for at `url`, for shared values: a digest.
std::string token_key(std::string_view key, std::string_view url, const bay::Crypto& crypto);

/// {"token", "expires_at"} in seconds since 1970, against `now`. Fails with BAY_ERR_AUTH if it holds no
/// token that lives.
shared::Result<shared::Token> read_copilot_token(std::string_view json, std::int64_t now);

/// The editor that Copilot is told to be in: it answers no others.
using HeaderPair = std::pair<std::string_view, std::string_view>;
inline constexpr HeaderPair kEditor[] = {
    {"editor-version", "vscode/1.95.0"},
    {"editor-plugin-version", "copilot-chat/0.26.7"},
    {"user-agent", "GitHubCopilotChat/0.26.7"},
};

/// The machine that exchanges. [exchange]
class TokenExchange : public shared::TokenExchange {
  public:
    /// `url` must outlive this.
    explicit TokenExchange(const std::string& url) : shared::TokenExchange("GitHub"), url_(url) {}

    bay_status on_refresh(const bay_ev_refresh& refresh, bay::Out out) override;
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override;

  private:
    const std::string& url_;
};

}  // namespace patchbay::github_copilot
