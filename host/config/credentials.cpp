#include <array>

#include "config/sections.hpp"

namespace patchbay {
namespace {

struct Credential {
    std::string name;
    const yaml::Node* values = nullptr;
};

constexpr std::array kFields = {
    Field<Credential>{"credential_name", into<&Credential::name>},
    Field<Credential>{"credential_values",
                      [](Reader& reader, const Entry& entry, Credential& credential) {
                          if (reader.is_map(entry)) credential.values = entry.value;
                      }},
    Field<Credential>{"credential_info", [](Reader&, const Entry&, Credential&) {}},
};

}  // namespace

Credentials read_credentials(Reader& reader, const Entry& section) {
    Credentials credentials;
    if (!reader.is_list(section)) return credentials;
    for (const yaml::Node* item : section.value->items) {
        if (item->kind != yaml::Node::Kind::map) {
            reader.problems().left_out(item->place(),
                                       "an entry of `credential_list` is left out: a mapping is "
                                       "expected");
            continue;
        }
        Credential credential;
        read_section<Credential>(reader, section.name(), *item, kFields, {}, credential);
        if (credential.name.empty()) {
            if (item->find("credential_name") == nullptr) {
                reader.problems().left_out(
                    item->place(),
                    "this `credential_list` entry is left out: it has no `credential_name`");
            }
            continue;
        }
        static const yaml::Node kNoValues;
        credentials[credential.name] = credential.values ? credential.values : &kNoValues;
    }
    return credentials;
}

}  // namespace patchbay
