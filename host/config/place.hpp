// Where something stands in a configuration file.
#pragma once

#include <string>

namespace patchbay {

/// A place in a configuration file, for messages: "config.yaml:12:7". Lines and columns count from
/// 1; line 0 means that the problem has no place (a command line flag, the environment).
struct Place {
    std::string file;
    int line = 0;
    int column = 0;
    std::string text() const;
};

/// A text of the configuration with its place, for what is checked later.
struct PlacedText {
    std::string text;
    Place place;
};

}  // namespace patchbay
