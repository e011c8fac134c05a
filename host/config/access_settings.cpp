#include "config/access_settings.hpp"

#include <array>

#include "config/section.hpp"
#include "config/sections.hpp"

namespace patchbay {

namespace {

constexpr std::string_view kSection = "general_settings";
// As operators write LiteLLM's own constants.
constexpr std::string_view kConstant = "LiteLLMRoutes.";

// Of calls and of what models there are. `public_routes` are those that no key is asked for, and are open in any case.
bool is_route_group(std::string_view name) {
    constexpr auto kGroups =
        std::to_array<std::string_view>({"llm_api_routes", "openai_routes", "anthropic_routes",
                                         "google_routes", "info_routes", "public_routes"});
    return contains(kGroups, name);
}

// Whatever cannot be read of a lock is an error.
void read_addresses(Reader& reader, const Entry& entry, std::optional<AddressList>& addresses) {
    if (entry.value->kind == yaml::Node::Kind::null) return;
    std::vector<PlacedText> list;
    reader.read(entry, list);
    addresses.emplace();
    for (const PlacedText& one : list) {
        if (addresses->add(one.text)) continue;
        reader.wrong(entry.quoted(), one.place, "addresses, or networks as 10.0.0.0/8 or fd00::/8",
                     "another text");
    }
}

std::vector<std::string> read_routes(Reader& reader, const Entry& entry, bool groups) {
    std::vector<PlacedText> list;
    reader.read(entry, list);
    std::vector<std::string> routes;
    for (PlacedText& one : list) {
        if (groups && one.text.starts_with(kConstant)) one.text.erase(0, kConstant.size());
        if (one.text.starts_with('/') || (groups && is_route_group(one.text))) {
            routes.push_back(std::move(one.text));
            continue;
        }
        reader.wrong(entry.quoted(), one.place,
                     groups ? "paths that begin with a slash, or names of groups of routes"
                            : "paths that begin with a slash",
                     "another text");
    }
    return routes;
}

// Without a key everybody is an administrator.
void tell_open_door(Reader& reader, const yaml::Node& section) {
    for (const yaml::Member& member : section.members) {
        const Entry entry{kSection, member.key, member.value};
        if (entry.name() != "admin_only_routes") continue;
        reader.problems().error(member.key->place(), entry.quoted() +
                                                         " is given, and every caller would have "
                                                         "every right: set "
                                                         "`general_settings.master_key`");
    }
}

}  // namespace

void read_access(Reader& reader, const yaml::Node& section, GeneralSettings& settings) {
    AccessSettings access;
    for (const yaml::Member& member : section.members) {
        const Entry entry{kSection, member.key, member.value};
        const bool null = entry.value->kind == yaml::Node::Kind::null;
        if (entry.name() == "allowed_ips") {
            read_addresses(reader, entry, access.allowed_ips);
        } else if (entry.name() == "trusted_proxy_ranges") {
            read_addresses(reader, entry, access.trusted_proxies);
        } else if (entry.name() == "use_x_forwarded_for") {
            reader.read(entry, access.use_x_forwarded_for);
        } else if (entry.name() == "allowed_routes" && !null) {
            access.allowed_routes = read_routes(reader, entry, true);
        } else if (entry.name() == "admin_only_routes" && !null) {
            access.admin_only_routes = read_routes(reader, entry, false);
        }
    }
    if (!access.admin_only_routes.empty() && !reader.has_master_key()) {
        tell_open_door(reader, section);
    }
    settings.access = std::make_shared<const AccessSettings>(std::move(access));
}

}  // namespace patchbay
