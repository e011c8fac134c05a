// Files in which providers say what was used of them: answers of OpenAI's and Anthropic's usage APIs, and the CSV files of
// their consoles.
//
//   OpenAI     GET /v1/organization/usage/completions (embeddings, ...), JSON, grouped by model; the dashboard's export,
//              CSV with the same names
//   Anthropic  GET /v1/organizations/usage_report/messages, JSON, grouped by model; the console's export, CSV
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace patchbay::app {

struct ToldUsage {
    std::int64_t requests = 0;  ///< 0 where the file does not tell it: Anthropic's
    std::int64_t prompt = 0;    ///< with what was cached or written
    std::int64_t completion = 0;
};

struct UsageExport {
    std::string provider;  ///< "openai" or "anthropic"
    std::map<std::pair<std::int64_t, std::string>, ToldUsage>
        days;  ///< by day since 1970 and model
};

/// Adds what a file says to `read`, of the same provider. Empty, or what is wrong with it, with its place.
std::string read_usage_export(std::string_view text, UsageExport& read);

}  // namespace patchbay::app
