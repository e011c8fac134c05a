// The format is that of the AWS SDKs and Tools Reference Guide, "Shared config and credentials files" and
// "Assume role credential provider".
#include "profile.hpp"

#include <array>
#include <map>

#include <boost/algorithm/string/trim.hpp>

namespace patchbay::aws {

namespace {

using Section = std::map<std::string, std::string, std::less<>>;

constexpr std::string_view kProfile = "profile ";
constexpr std::string_view kDefault = "default";

// What gives keys by other means than texts.
constexpr std::array<std::string_view, 5> kOtherMeans{"credential_process", "sso_session",
                                                      "sso_start_url", "web_identity_token_file",
                                                      "login_session"};

std::string trimmed(std::string_view text) {
    return boost::algorithm::trim_copy(std::string(text));
}

/// A comment behind a value begins with white space.
std::string_view without_comment(std::string_view value) {
    for (std::size_t i = 1; i < value.size(); ++i) {
        const bool mark = value[i] == '#' || value[i] == ';';
        if (mark && (value[i - 1] == ' ' || value[i - 1] == '\t')) return value.substr(0, i);
    }
    return value;
}

/// The section [name] of the text; nullopt if there is none. Of a name that comes twice both count.
std::optional<Section> section_of(std::string_view text, std::string_view name) {
    std::optional<Section> found;
    bool inside = false;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        const auto first = line.empty() ? '#' : line.front();
        // What is indented goes on with the value before it, of which none is of use here.
        if (first == '#' || first == ';' || first == ' ' || first == '\t' || first == '\r')
            continue;
        if (first == '[') {
            const auto close = line.find(']');
            inside = trimmed(line.substr(1, close == std::string_view::npos ? close : close - 1)) ==
                     name;
            if (inside && !found) found.emplace();
            continue;
        }
        const auto equals = line.find('=');
        if (!inside || equals == std::string_view::npos) continue;
        (*found)[trimmed(line.substr(0, equals))] =
            trimmed(without_comment(line.substr(equals + 1)));
    }
    return found;
}

std::string word(const Section& section, std::string_view name) {
    const auto found = section.find(name);
    return found == section.end() ? std::string() : found->second;
}

Session keys_in(const Section& section) {
    return {word(section, "aws_access_key_id"), word(section, "aws_secret_access_key"),
            word(section, "aws_session_token")};
}

/// Both files' members, each file's under the name that it has there.
std::optional<Section> members_of(const ProfileFiles& files, std::string_view name) {
    const std::string in_config =
        name == kDefault ? std::string(name) : std::string(kProfile).append(name);
    auto members = section_of(files.config, in_config);
    const auto own = section_of(files.credentials, name);
    if (!members) return own;
    if (own) {
        for (const auto& [member, value] : *own) (*members)[member] = value;
    }
    return members;
}

std::string other_means(const Section& members) {
    for (const auto name : kOtherMeans) {
        if (members.count(name) == 0) continue;
        return std::string("aws_profile_name, AWS_PROFILE: the profile gets its keys by ")
            .append(name)
            .append(", which is not done here");
    }
    return {};
}

void set_role(const Section& members, const ProfileFiles& files, const Session& environment,
              Profile& profile) {
    profile.role = word(members, "role_arn");
    profile.role_session_name = word(members, "role_session_name");
    profile.external_id = word(members, "external_id");
    const auto source = word(members, "credential_source");
    if (source == "Environment") profile.keys = environment;
    const auto from = word(members, "source_profile");
    if (from.empty()) return;
    const auto base = members_of(files, from);
    if (base) profile.keys = keys_in(*base);
    if (!profile.keys.complete()) {
        profile.fault =
            "aws_profile_name, AWS_PROFILE: the source_profile of the profile has no keys";
    }
}

}  // namespace

std::optional<Profile> find_profile(const ProfileFiles& files, std::string_view name,
                                    const Session& environment) {
    const auto members = members_of(files, name);
    if (!members) return std::nullopt;
    Profile profile;
    profile.region = word(*members, "region");
    profile.keys = keys_in(*members);
    if (members->count("role_arn") != 0 && members->count("web_identity_token_file") == 0) {
        set_role(*members, files, environment, profile);
    } else if (!profile.keys.complete()) {
        profile.fault = other_means(*members);
    }
    return profile;
}

}  // namespace patchbay::aws
