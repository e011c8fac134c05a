// The table of model prefixes: what the plugins ship, and what the operator put over it.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/system/result.hpp>

#include "engine/plugins/plugin_set.hpp"

namespace patchbay {

using ProviderRows = std::map<std::string, ProviderRow, std::less<>>;

/// Rows from JSON text: {"groq": {"base_url": ..., "api_key_env": ..., ...}, ...}. `base_url` is a
/// string, `api_key_env` and `api_base_env` are a string or a list of strings, `settings_env` is an
/// object of such, `egress` and `operations` are lists as in a manifest, `told_cost` names a member of
/// an answer's usage; other members are the plugin's. `plugin` and `component` of the rows are
/// not set. On failure the text says what is wrong and where, by JSON pointer or by line and
/// column.
boost::system::result<ProviderRows, std::string> parse_provider_rows(const std::string& text);

/// The same for a file; its name is not in the failure's text.
boost::system::result<ProviderRows, std::string> read_provider_rows(
    const std::filesystem::path& file);

/// All rows that a plugin file brings: the prefixes of its manifest and those of its data files,
/// which lie beside `file` and must be as trustworthy as the plugin itself (trusted_file.hpp): a
/// row decides who is sent an API key. `component` of the rows points into `manifest`; `plugin` is
/// not set. On failure the text says what is wrong, with the name of the data file.
boost::system::result<ProviderRows, std::string> rows_of_plugin(const Manifest& manifest,
                                                                const std::filesystem::path& file);

}  // namespace patchbay
