// References in values: `os.environ/NAME`, and the environments they are looked up in.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "config/loader.hpp"

namespace patchbay {

struct Reference {
    std::string variable;       ///< the environment variable to look up
    bool token_source = false;  ///< an `oidc/...` reference instead
};

/// What `text` refers to; nullopt = it is a value. References are not looked for inside text.
std::optional<Reference> parse_reference(std::string_view text);

/// The variable that `text` was probably meant to refer to: "$NAME", "${NAME}", "os.environ.NAME",
/// "os.environ['NAME']", "env/NAME" and the like, which are values as they stand. Empty = none.
/// Names of variables are taken to be in capitals, so that a key that begins with '$' is not one.
std::string meant_reference(std::string_view text);

/// The message for a variable that is not set. Names it if it looks like a name: someone may have
/// written a key in its place.
std::string unset_message(const std::string& variable);
/// The same for one that is set and holds nothing.
std::string empty_message(const std::string& variable);

/// `base`, whose values have no white space at their ends.
Environment without_blank_ends(Environment base);

/// `variables` over `base`; later additions to `variables` are seen.
Environment overlay(std::shared_ptr<const std::map<std::string, std::string>> variables,
                    Environment base);

}  // namespace patchbay
