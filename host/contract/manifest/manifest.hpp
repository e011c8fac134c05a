// The manifest that every plugin file carries: read from the file, without running any of its code.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/system/result.hpp>

namespace patchbay {

/// The models that something is for, where a provider has it for some of its models alone. Names
/// with '*' for any text.
struct ManifestModels {
    std::vector<std::string> match;
    std::vector<std::string> except;  ///< of those
};

/// Links in a request that the provider does not follow: the host fetches what they lead to and puts it
/// in their place.
struct ManifestLinks {
    std::vector<std::string> fetch;  ///< their schemes: "http", "https"; empty: there are none
    ManifestModels models;           ///< empty `match`: of all models
};

struct ManifestProvider {
    std::vector<std::string> prefixes;
    std::string base_url;
    std::vector<std::string> api_key_env;
    std::vector<std::string> api_base_env;
    std::string rows;  ///< name of the data file beside the plugin; empty = none
    /// Members of a deployment's litellm_params that the plugin reads itself; all others that are
    /// neither the gateway's nor LiteLLM's are defaults of request parameters.
    std::vector<std::string> settings;
    /// Those of the provider's own request parameters that the plugin sends on; nullopt = all.
    std::optional<std::vector<std::string>> params;
    ManifestLinks links;
};

/// What the host needs to know of a guardrail before it runs.
struct ManifestGuardrail {
    std::vector<std::string> modes;  ///< "pre_call", ...; empty = all
    int stream_every = 1;            ///< asked again after so many chunks of a stream
};

/// What a component, or the row of one provider, can be asked (patchbay/operations.h).
struct ManifestOperations {
    std::vector<std::string> ids;  ///< in the order of the list
    /// What single operations can do besides ("stream"); those without a list are not in it.
    std::map<std::string, std::vector<std::string>, std::less<>> features;
    std::map<std::string, ManifestModels, std::less<>> models;  ///< those that are not for all
};

/// From the value of a member "operations": a list of ids and of objects with an "id", of which
/// other members than "features" and "models" are the plugin's business. On failure the text says what is
/// wrong, behind `pointer` to the place.
boost::system::result<ManifestOperations, std::string> parse_operations(
    const boost::json::value& value, const std::string& pointer);

struct ManifestComponent {
    std::string kind;  ///< "bay.provider/1"
    std::string id;
    std::vector<std::string> operations;
    std::map<std::string, std::vector<std::string>, std::less<>> operation_features;
    std::map<std::string, ManifestModels, std::less<>> operation_models;
    std::vector<std::string> features;
    std::vector<std::string> egress;
    boost::json::object config_schema;
    std::vector<std::string> names;  ///< by which an operator may name it, besides its id
    /// Config member -> variables its value comes from if the operator gives none, first set wins.
    std::map<std::string, std::vector<std::string>> config_env;
    ManifestProvider provider;
    ManifestGuardrail guardrail;
};

struct Manifest {
    std::string id;
    std::string version;
    std::string license;
    std::uint32_t abi_major = 0;
    std::uint32_t abi_minor = 0;
    std::vector<ManifestComponent> components;
    std::string text;  ///< the JSON as it stands in the file
};

/// Parses and checks manifest text. On failure the text says what is wrong, with a JSON pointer;
/// never throws. Unknown members are ignored.
boost::system::result<Manifest, std::string> parse_manifest(std::string_view json);

}  // namespace patchbay
