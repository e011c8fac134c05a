#include "config/fallback_settings.hpp"

#include <algorithm>

namespace patchbay {

namespace {

/// `{model: claude}` is as `claude`.
const yaml::Node& target_of(const yaml::Node& node) {
    const bool model = node.kind == yaml::Node::Kind::map && node.members.size() == 1 &&
                       node.members.front().key->text == "model";
    return model ? *node.members.front().value : node;
}

/// The names in `targets`; what is a mapping with more than a model is a request of its own in LiteLLM.
std::vector<std::string> names_in(Reader& reader, const Entry& targets) {
    std::vector<std::string> names;
    const auto add = [&](const yaml::Node& item) {
        const yaml::Node& node = target_of(item);
        if (node.kind == yaml::Node::Kind::map) {
            reader.problems().left_out(node.place(),
                                       targets.quoted() +
                                           ": a fallback with parameters of its own is not done "
                                           "yet: left out; name a model group");
            return;
        }
        const auto found = reader.scalar(node);
        const auto* name = found ? std::get_if<std::string>(&found->value) : nullptr;
        if (found && name == nullptr) {
            reader.wrong(targets.quoted(), node.place(), "a model group's name", kind_name(node));
        } else if (name != nullptr && !name->empty()) {
            names.push_back(*name);
        }
    };
    if (targets.value->kind == yaml::Node::Kind::list) {
        for (const yaml::Node* item : targets.value->items) add(*item);
    } else if (targets.value->kind != yaml::Node::Kind::null) {
        add(*targets.value);
    }
    return names;
}

}  // namespace

void read_fallbacks(Reader& reader, const Entry& entry, FallbackMap& fallbacks) {
    if (!reader.is_list(entry)) return;
    for (const yaml::Node* item : entry.value->items) {
        if (item->kind != yaml::Node::Kind::map || item->members.size() != 1) {
            reader.wrong("an entry of " + entry.quoted(), item->place(),
                         "a mapping with one key, a model group and its fallbacks",
                         item->kind == yaml::Node::Kind::map ? "several keys" : kind_name(*item));
            continue;
        }
        const yaml::Member& member = item->members.front();
        const Entry targets{entry.section, entry.key, member.value};
        std::vector<std::string> names = names_in(reader, targets);
        // The first entry of a group counts, as in LiteLLM.
        if (!names.empty()) fallbacks.try_emplace(member.key->text, std::move(names));
    }
}

void read_default_fallbacks(Reader& reader, const Entry& entry, FallbackMap& fallbacks) {
    std::vector<std::string> names = names_in(reader, entry);
    if (!names.empty()) fallbacks.try_emplace("*", std::move(names));
}

}  // namespace patchbay
