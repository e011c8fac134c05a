// The configuration of one instance.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>

namespace patchbay::presidio {

struct Settings {
    std::string url;
    std::string language;
    bool input = true;                                ///< texts of requests are looked at
    bool output = true;                               ///< texts of answers are looked at
    bool restore = false;                             ///< output_parse_pii
    std::map<std::string, bool, std::less<>> blocks;  ///< kinds that are looked for; true = block
    std::map<std::string, double, std::less<>> thresholds;
    boost::json::array recognizers;

    /// The least score that counts for a kind.
    double threshold(std::string_view kind) const;
};

/// `config` is valid against the manifest's schema.
Settings read_settings(std::string_view config);

}  // namespace patchbay::presidio
