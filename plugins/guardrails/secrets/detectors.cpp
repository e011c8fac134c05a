#include "detectors.hpp"

#include <array>
#include <cmath>

namespace patchbay::secrets {

namespace {

std::string_view unquoted(std::string_view text) {
    return text.size() >= 2 ? text.substr(1, text.size() - 2) : text;
}

// detect-secrets' limits for what is quoted: a random base64 text has about 6 bits per character,
// a word of a language under 4.
bool random_base64(std::string_view text) {
    return entropy(unquoted(text)) >= 4.5;
}
bool random_hex(std::string_view text) {
    return entropy(unquoted(text)) >= 3.0;
}

constexpr auto kDetectors = std::to_array<Detector>({
    {"AWSKeyDetector", R"(\b(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[0-9A-Z]{16}\b)"},
    {"AWSKeyDetector",
     R"((?i)(aws.?(?:secret)?.?(?:access)?.?key.?["' ]{0,3}[:=]["' ]{0,3})[A-Za-z0-9/+=]{40})",
     true},
    {"AzureStorageKeyDetector", R"((AccountKey=)[A-Za-z0-9+/=]{88})", true},
    {"BasicAuthDetector", R"((://[A-Za-z0-9._~%+-]{1,64}:)[A-Za-z0-9._~%!$&*+,;=-]{1,128}@)", true},
    {"CloudantDetector", R"((?i)(cloudant["'_ a-z]{0,20}[:=]["' ]{0,3})[0-9a-f]{64})", true},
    {"DiscordBotTokenDetector",
     R"(\b[MNO][A-Za-z0-9_-]{23,25}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}\b)"},
    {"GitHubTokenDetector",
     R"(\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})\b)"},
    {"GitLabTokenDetector",
     R"(\b(?:glpat|gldt|glft|glsoat|glrt|glcbt|glptt)-[A-Za-z0-9_-]{20,50})"},
    {"GoogleApiKeyDetector", R"(\bAIza[0-9A-Za-z_-]{35})"},
    {"JwtTokenDetector", R"(\beyJ[A-Za-z0-9_=-]+\.eyJ[A-Za-z0-9_=-]+\.?[A-Za-z0-9_.+/=-]*)", false,
     nullptr, 4096},
    {"MailchimpDetector", R"(\b[0-9a-f]{32}-us[0-9]{1,2}\b)"},
    {"NpmDetector", R"(\bnpm_[A-Za-z0-9]{36}\b)"},
    {"NpmDetector", R"((//[A-Za-z0-9./_-]{1,100}/:_authToken=)[A-Za-z0-9-]{36})", true},
    {"OpenAIDetector", R"(\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,200})"},
    {"AnthropicDetector", R"(\bsk-ant-[A-Za-z0-9_-]{20,200})"},
    {"PrivateKeyDetector",
     R"(-----BEGIN[A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?:\s*[A-Za-z-]{1,20}: [A-Za-z0-9,. -]{1,100}\n)*(?:\s*[A-Za-z0-9+/=]{30,})*(?:\s*[A-Za-z0-9+/=]{0,80}\s*-----END[A-Z ]{0,40}-----)?)",
     false, nullptr, 8192},
    {"PypiTokenDetector", R"(\bpypi-AgE[A-Za-z0-9_-]{70,250})"},
    {"SendGridDetector", R"(\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b)"},
    {"SlackDetector", R"(\bxox[abeoprs]-[A-Za-z0-9-]{10,250})"},
    {"SlackDetector",
     R"(https://hooks\.slack\.com/services/[A-Z0-9]{8,12}/[A-Z0-9]{8,12}/[A-Za-z0-9]{20,30})"},
    {"SquareOAuthDetector", R"(\bsq0csp-[0-9A-Za-z_-]{43})"},
    {"StripeDetector", R"(\b(?:sk|rk)_(?:live|test)_[0-9A-Za-z]{24,128}\b)"},
    {"TelegramBotTokenDetector", R"(\b[0-9]{8,10}:[0-9A-Za-z_-]{35}\b)"},
    {"TwilioKeyDetector", R"(\b(?:AC|SK)[0-9a-f]{32}\b)"},
    {"KeywordDetector",
     R"((?i)(\b(?:password|passwd|pwd|passphrase|secret|api[_-]?key|auth[_-]?token|access[_-]?token|private[_-]?key)["' ]{0,3}[:=]{1,2}["' ]{0,3})[!#-&(-~]{6,128})",
     true},
    {"Base64HighEntropyString", R"(["'][A-Za-z0-9+/=_-]{20,200}["'])", false, random_base64},
    {"HexHighEntropyString", R"(["'][0-9A-Fa-f]{20,200}["'])", false, random_hex},
});

}  // namespace

std::span<const Detector> detectors() {
    return kDetectors;
}

double entropy(std::string_view text) {
    std::array<std::size_t, 256> counts{};
    for (const char c : text) ++counts[static_cast<unsigned char>(c)];
    double bits = 0;
    for (const std::size_t count : counts) {
        if (count == 0) continue;
        const double share = static_cast<double>(count) / static_cast<double>(text.size());
        bits -= share * std::log2(share);
    }
    return bits;
}

}  // namespace patchbay::secrets
