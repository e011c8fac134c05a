#include "engine/surface/body_edit.hpp"

#include <algorithm>

#include "patchbay/sdk/text.hpp"

namespace patchbay {

namespace {

bool names(const BodyMember& member, std::string_view name) {
    const std::string_view quoted = member.first;
    return quoted.substr(1, quoted.size() - 2) == name;
}

bool contains(std::span<const BodyMember> list, std::string_view name) {
    return std::any_of(list.begin(), list.end(),
                       [&](const BodyMember& m) { return names(m, name); });
}

// The other of two names of one parameter: providers refuse a request that has both.
std::string_view other_name(std::string_view name) {
    if (name == "max_tokens") return "max_completion_tokens";
    if (name == "max_completion_tokens") return "max_tokens";
    return {};
}

}  // namespace

const bay_member* find_member(std::span<const bay_member> members, std::string_view name) {
    for (auto member = members.rbegin(); member != members.rend(); ++member) {
        if (bay::sv(member->name) == name) return &*member;
    }
    return nullptr;
}

EditedBody::EditedBody(const IndexedBody& body, const BodyEdits& edits) {
    std::size_t size = body.json.size() + 2;
    for (const auto list : {edits.defaults, edits.overrides}) {
        for (const BodyMember& member : list)
            size += member.first.size() + member.second.size() + 2;
    }
    text_.reserve(size);  // no growth below: members_ points into it
    members_.reserve(body.members.size() + edits.defaults.size() + edits.overrides.size());
    text_ += '{';
    for (const bay_member& member : body.members) {
        const std::string_view name = bay::sv(member.name);
        if ((edits.drop && edits.drop(name)) || contains(edits.overrides, name)) continue;
        append(body.json.substr(member.name_off, name.size() + 2), bay::sv(member.value));
    }
    for (const BodyMember& member : edits.defaults) {
        const std::string_view name(member.first.data() + 1, member.first.size() - 2);
        if (find_member(body.members, name) || contains(edits.overrides, name)) continue;
        if (find_member(body.members, other_name(name))) continue;
        if (edits.drop && edits.drop(name)) continue;
        append(member.first, member.second);
    }
    for (const BodyMember& member : edits.overrides) append(member.first, member.second);
    text_ += '}';
}

void EditedBody::append(std::string_view quoted_name, std::string_view value) {
    if (text_.size() > 1) text_ += ',';
    bay_member member{};
    member.name_off = text_.size();
    text_ += quoted_name;
    text_ += ':';
    member.value_off = text_.size();
    text_ += value;
    member.name = {text_.data() + member.name_off + 1, quoted_name.size() - 2};
    member.value = {text_.data() + member.value_off, value.size()};
    members_.push_back(member);
}

}  // namespace patchbay
