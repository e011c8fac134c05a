// What a deployment says of AWS, under LiteLLM's names, and what its component says for those that say
// nothing.
#pragma once

#include <optional>
#include <patchbay/provider.h>
#include <string>

#include "json.hpp"
#include "profile.hpp"
#include "session.hpp"

namespace patchbay::aws {

/// The machine's own identity: where its keys are asked for.
struct MachineIdentity {
    std::string container_url;    ///< AWS_CONTAINER_CREDENTIALS_FULL_URI; empty: no container
    std::string container_token;  ///< sent to it as the Authorization header; empty: none
    std::string metadata_url = "http://169.254.169.254";  ///< EC2's instance metadata service
};

/// The component's settings. Immutable; holds secrets.
struct Defaults {
    std::string region;
    Session keys;
    std::string role;
    std::string role_session_name;
    std::string web_identity_token;
    /// The text of AWS_WEB_IDENTITY_TOKEN_FILE; empty: it cannot be read. nullopt: no file is named.
    std::optional<std::string> web_identity_token_file;
    ProfileFiles files;   ///< ~/.aws/credentials and config, or those that the operator names
    std::string profile;  ///< AWS_PROFILE
    std::string sts_url;  ///< empty: that of the region
    MachineIdentity machine;

    /// Of a component's configuration: region, access_key_id, secret_access_key, session_token,
    /// role_arn, role_session_name, web_identity_token, profile, sts_url, and the texts of the files
    /// web_identity_token_file, credentials_file and config_file,
    /// container_url, container_path, container_token, metadata_url.
    static Defaults of(const json::object& config);
};

/// One deployment's. Owns its texts; holds secrets.
struct Settings {
    std::string region;  ///< empty: named by nobody
    Session keys;        ///< aws_access_key_id, aws_secret_access_key, aws_session_token
    std::string role;    ///< aws_role_name: its ARN
    std::string role_session_name;
    std::string external_id;
    std::string web_identity_token;
    std::string sts_url;
    std::string fault;  ///< why what was named gives no credentials; empty: nothing is wrong

    /// `params` are the target's, read. Keys and roles of the component stand in for a deployment that
    /// names neither of its own; a deployment's keys are never mixed with the component's. A profile that
    /// a deployment names goes before its keys, as LiteLLM has it; the default one stands in for who
    /// names nothing.
    static Settings of(const json::object& params, const Defaults& defaults);
};

/// A target's params; an empty object if they are none.
json::object params_of(const bay_target& target);

}  // namespace patchbay::aws
