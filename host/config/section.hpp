// A section of the configuration as a table: which keys are read and into what, and which keys
// LiteLLM knows that are not done yet.
//
// A table row is `{"timeout", into<&RouterSettings::timeout>}`: the type of the member says what
// kind of value the key takes. Keys that need more than that name a function of their own.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "config/reader.hpp"

namespace patchbay {

template <class Target>
struct Field {
    std::string_view name;
    void (*read)(Reader& reader, const Entry& entry, Target& target);
};

template <auto Member, class Target>
void into(Reader& reader, const Entry& entry, Target& target) {
    reader.read(entry, target.*Member);
}

template <class Target>
const Field<Target>* find_field(std::span<const Field<Target>> fields, std::string_view name) {
    for (const Field<Target>& field : fields)
        if (field.name == name) return &field;
    return nullptr;
}

bool contains(std::span<const std::string_view> names, std::string_view name);

/// The names of a table's rows.
template <class Target, std::size_t N>
constexpr std::array<std::string_view, N> names_of(const std::array<Field<Target>, N>& fields) {
    std::array<std::string_view, N> names;
    for (std::size_t i = 0; i < N; ++i) names[i] = fields[i].name;
    return names;
}

/// Tells of a key that LiteLLM knows and that is not done, by what its absence does (losses.hpp).
void warn_not_done(Reader& reader, const Entry& entry);

/// Tells of a key that this section does not know: where it belongs (known_keys.hpp), else the
/// nearest of the names of the section if one is near. Where a lock is lost by that it is an error.
void warn_unknown(Reader& reader, const Entry& entry, std::span<const std::string_view> known,
                  std::span<const std::string_view> more_known);

/// The guard that is lost with a value that nobody reads: the one that its key was `meant` for, or
/// one among its members, which may be a whole section's; but not what stands in its place
/// `instead`. Empty = none.
std::string_view lost_guard(Reader& reader, std::string_view meant, const yaml::Node& value,
                            const yaml::Node* instead = nullptr);

/// Reads every member of `map`, which stands in the section of this name.
template <class Target>
void read_section(Reader& reader, std::string_view section, const yaml::Node& map,
                  std::span<const Field<Target>> fields, std::span<const std::string_view> not_done,
                  Target& target) {
    for (const yaml::Member& member : map.members) {
        const Entry entry{section, member.key, member.value};
        if (const Field<Target>* field = find_field(fields, entry.name())) {
            field->read(reader, entry, target);
        } else if (contains(not_done, entry.name())) {
            warn_not_done(reader, entry);
        } else {
            std::vector<std::string_view> done;
            for (const Field<Target>& known : fields) done.push_back(known.name);
            warn_unknown(reader, entry, done, not_done);
        }
    }
}

}  // namespace patchbay
