#include "sts.hpp"

#include <algorithm>
#include <optional>
#include <sstream>

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>

#include "patchbay/sdk/percent.hpp"

namespace patchbay::aws {

namespace {

using Tree = boost::property_tree::ptree;

// Answers are small; what is larger is none, and never parsed.
constexpr std::size_t kLargest = 32 * 1024;
constexpr std::size_t kLongestCode = 64;

std::optional<Tree> parse_xml(std::string_view xml) {
    if (xml.size() > kLargest) return std::nullopt;
    std::istringstream stream{std::string(xml)};
    Tree tree;
    try {
        boost::property_tree::read_xml(stream, tree);
    } catch (const boost::property_tree::xml_parser_error&) {
        return std::nullopt;
    }
    return tree;
}

const Tree* child(const Tree& tree, std::string_view path) {
    const auto found = tree.get_child_optional(Tree::path_type(std::string(path), '/'));
    return found ? &*found : nullptr;
}

std::string word(const Tree& tree, const char* name) {
    return tree.get<std::string>(name, "");
}

void add(std::string& form, std::string_view name, std::string_view value) {
    if (!value.empty())
        form.append("&").append(name).append("=").append(bay::percent_encoded(value));
}

}  // namespace

std::string assume_role_form(const Role& role) {
    const bool by_token = !role.web_identity_token.empty();
    std::string form("Action=AssumeRole");
    form.append(by_token ? "WithWebIdentity" : "").append("&Version=2011-06-15");
    add(form, "RoleArn", role.arn);
    add(form, "RoleSessionName", role.session_name);
    if (!by_token) add(form, "ExternalId", role.external_id);
    add(form, "WebIdentityToken", role.web_identity_token);
    return form;
}

Result<EndingSession> read_assumed_role(std::string_view xml) {
    const auto tree = parse_xml(xml);
    const Tree* credentials = nullptr;
    for (const std::string_view action : {"AssumeRole", "AssumeRoleWithWebIdentity"}) {
        const std::string name(action);
        if (tree && !credentials) {
            credentials = child(*tree, name + "Response/" + name + "Result/Credentials");
        }
    }
    if (!credentials) return refused("STS's answer holds no credentials");
    EndingSession made;
    made.session = {word(*credentials, "AccessKeyId"), word(*credentials, "SecretAccessKey"),
                    word(*credentials, "SessionToken")};
    const auto ends = parse_instant(word(*credentials, "Expiration"));
    if (!made.session.complete() || !ends) {
        return refused("STS's answer holds no keys with an end");
    }
    made.ends_ms = *ends;
    return made;
}

std::string error_code(std::string_view xml) {
    const auto tree = parse_xml(xml);
    const Tree* error = tree ? child(*tree, "ErrorResponse/Error") : nullptr;
    const std::string code = error ? word(*error, "Code") : std::string();
    const bool plain = std::all_of(code.begin(), code.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.';
    });
    return plain && code.size() <= kLongestCode ? code : std::string();
}

}  // namespace patchbay::aws
