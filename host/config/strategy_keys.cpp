#include "config/strategy_keys.hpp"

#include <algorithm>
#include <set>

#include "config/routing_group.hpp"
#include "config/strategy_names.hpp"

namespace patchbay {

namespace {

struct StrategyArgs {
    std::optional<std::chrono::milliseconds> ttl;
    std::optional<double> buffer;
};
constexpr std::array kArgs = {
    Field<StrategyArgs>{"ttl", into<&StrategyArgs::ttl>},
    Field<StrategyArgs>{"lowest_latency_buffer", into<&StrategyArgs::buffer>},
};
constexpr auto kArgsNotDone = std::to_array<std::string_view>({"max_latency_list_size"});

constexpr std::string_view kGroups = "router_settings.routing_groups";
/// The strategy of a routing group that goes by the order of its models.
constexpr std::string_view kByPriority = "priority";
/// LiteLLM's name of what is in no group.
constexpr std::string_view kReserved = "default";

/// An entry while it is read: `priority` is a strategy there, and what must be checked together.
struct GroupEntry {
    RoutingGroup group;
    std::optional<Entry> strategy, args, priorities;
    bool by_priority = false;
};

void read_models(Reader& reader, const Entry& entry, GroupEntry& made) {
    reader.read(entry, made.group.models);
}

void read_group_strategy(Reader& reader, const Entry& entry, GroupEntry& made) {
    made.strategy = entry;
    const auto name = entry.value->kind == yaml::Node::Kind::scalar
                          ? std::string_view(entry.value->text)
                          : std::string_view();
    made.by_priority = name == kByPriority;
    if (!made.by_priority) read_strategy(reader, entry, made.group.strategy);
}

void read_group_args(Reader& reader, const Entry& entry, GroupEntry& made) {
    made.args = entry;
    read_strategy_args(reader, entry, made.group.strategy);
}

void read_priorities(Reader& reader, const Entry& entry, GroupEntry& made) {
    if (entry.value->kind == yaml::Node::Kind::null || !reader.is_map(entry)) return;
    made.priorities = entry;
    for (const yaml::Member& member : entry.value->members) {
        const Entry one{entry.section, member.key, member.value};
        std::optional<int> priority;
        reader.read(one, priority);
        if (!priority) continue;
        if (*priority < 1) {
            reader.problems().error(one.place(), entry.quoted() + ": a priority is 1 or more");
            continue;
        }
        made.group.priorities[member.key->text] = *priority;
    }
}

constexpr std::array kGroupFields = {
    Field<GroupEntry>{"group_name", [](Reader& reader, const Entry& entry,
                                       GroupEntry& made) { reader.read(entry, made.group.name); }},
    Field<GroupEntry>{"models", read_models},
    Field<GroupEntry>{"routing_strategy", read_group_strategy},
    Field<GroupEntry>{"routing_strategy_args", read_group_args},
    Field<GroupEntry>{"model_priorities", read_priorities},
};

class GroupReader {
  public:
    GroupReader(Reader& reader, std::vector<RoutingGroup>& groups)
        : reader_(reader), groups_(groups) {}

    void read(const yaml::Node& item) {
        GroupEntry made;
        made.group.place = item.place();
        read_section<GroupEntry>(reader_, kGroups, item, kGroupFields, {}, made);
        if (!has_name(made.group)) return;
        if (!made.strategy) {
            return complain(made.group, made.group.place, "it has no `routing_strategy`");
        }
        if (!has_models(made) || !agrees(made)) return;
        groups_.push_back(std::move(made.group));
    }

  private:
    void complain(const RoutingGroup& group, const Place& place, const std::string& what) {
        const std::string named = group.name.empty() ? "" : " '" + group.name + "'";
        reader_.problems().error(place, "`" + std::string(kGroups) + "`" + named + ": " + what);
    }

    bool has_name(const RoutingGroup& group) {
        const char* wrong = nullptr;
        if (group.name.empty()) wrong = "a group has no `group_name`";
        if (group.name == kReserved) wrong = "that is LiteLLM's name of all that is in no group";
        if (group.name.find('*') != std::string::npos) wrong = "a name with a '*' is a pattern's";
        for (const RoutingGroup& other : groups_) {
            if (other.name == group.name) wrong = "another group has this name";
        }
        if (wrong != nullptr) complain(group, group.place, wrong);
        return wrong == nullptr;
    }

    // Each once, and in no other group; those by priority are for calls of their own names, and
    // may have what others have.
    bool has_models(GroupEntry& made) {
        RoutingGroup& group = made.group;
        if (group.models.empty() && made.by_priority) {
            complain(group, group.place, "it has no `models`");
            return false;
        }
        std::set<std::string_view> seen;
        bool good = true;
        std::vector<PlacedText> models;
        for (PlacedText& model : group.models) {
            if (seen.insert(model.text).second) {
                models.push_back(model);
            } else if (made.by_priority) {
                complain(group, model.place, "'" + model.text + "' stands twice in its `models`");
                good = false;
            }
            for (const RoutingGroup& other : groups_) {
                if (made.by_priority || other.by_priority() || !other.has(model.text)) continue;
                complain(group, model.place,
                         "'" + model.text + "' is in the group '" + other.name +
                             "', too: a model is in one group at most");
                good = false;
            }
        }
        group.models = std::move(models);
        return good;
    }

    bool agrees(GroupEntry& made) {
        RoutingGroup& group = made.group;
        if (!made.by_priority) {
            if (group.priorities.empty()) return true;
            complain(group, made.priorities->place(),
                     "`model_priorities` are for `routing_strategy: priority`");
            return false;
        }
        const bool args = made.args && !made.args->value->members.empty();
        if (args) {
            complain(group, made.args->place(),
                     "`routing_strategy: priority` goes by `model_priorities` and has no "
                     "`routing_strategy_args`");
        }
        const auto& models = group.models;
        const bool all = std::all_of(models.begin(), models.end(), [&](const PlacedText& model) {
            return group.priorities.contains(model.text);
        });
        const bool same = all && group.priorities.size() == models.size();
        if (!same) {
            complain(group, made.priorities ? made.priorities->place() : group.place,
                     "`model_priorities` must name each of its `models`, and no others");
        }
        return same && !args;
    }

    Reader& reader_;
    std::vector<RoutingGroup>& groups_;
};

}  // namespace

void read_strategy(Reader& reader, const Entry& entry, StrategySettings& settings) {
    std::string name;
    reader.read(entry, name);
    if (name.empty()) return;
    if (const auto strategy = find_strategy(name)) {
        settings.strategy = *strategy;
    } else if (is_undone_strategy(name)) {
        reader.problems().left_out(entry.place(),
                                   entry.quoted() + ": '" + name +
                                       "' is known to LiteLLM but not done by Patchbay yet: "
                                       "simple-shuffle is taken");
    } else {
        reader.problems().error(
            entry.place(),
            entry.quoted() + ": there is no such strategy; there are: " + strategy_names());
    }
}

void read_strategy_args(Reader& reader, const Entry& entry, StrategySettings& settings) {
    if (!reader.is_map(entry)) return;
    StrategyArgs args;
    read_section<StrategyArgs>(reader, "routing_strategy_args", *entry.value, kArgs, kArgsNotDone,
                               args);
    settings.latency_ttl = args.ttl.value_or(settings.latency_ttl);
    settings.latency_buffer = args.buffer.value_or(settings.latency_buffer);
}

void read_routing_groups(Reader& reader, const Entry& entry, RouterSettings& settings) {
    if (!reader.is_list(entry)) return;
    auto groups = std::make_shared<std::vector<RoutingGroup>>();
    GroupReader of_groups(reader, *groups);
    for (const yaml::Node* item : entry.value->items) {
        if (item->kind == yaml::Node::Kind::map) {
            of_groups.read(*item);
        } else {
            reader.wrong("an entry of " + entry.quoted(), item->place(), "a mapping",
                         kind_name(*item));
        }
    }
    if (!groups->empty()) settings.routing_groups = std::move(groups);
}

}  // namespace patchbay
