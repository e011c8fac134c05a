// Makes settings for a component from its schema.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <random>

#include <boost/json/object.hpp>

#include "contract/manifest/manifest.hpp"

namespace patchbay::check {

/// The settings of an operator who gives none: the schema's defaults and, if the component has a
/// data file beside `plugin`, its first row, as the host adds them. Members that are required and
/// have no default get a plain value of their type; `invented`, if given, tells whether there were
/// any. nullopt if the schema is not met by that.
std::optional<boost::json::object> default_settings(const ManifestComponent& component,
                                                    const std::filesystem::path& plugin,
                                                    bool* invented = nullptr);

/// `from` with some members replaced by odd values that the schema still allows.
boost::json::object odd_settings(const ManifestComponent& component,
                                 const boost::json::object& from, std::mt19937_64& random);

/// A value that nobody expects: wrong types, limits, long and strange texts.
boost::json::value odd_value(std::mt19937_64& random, int depth = 0);

/// `settings` with `secret` as every text that the schema marks as a secret ("x-bay-secret").
boost::json::object with_secrets(const ManifestComponent& component, boost::json::object settings,
                                 const std::string& secret);

}  // namespace patchbay::check
