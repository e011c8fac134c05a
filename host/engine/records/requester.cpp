#include "engine/records/requester.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include <boost/json.hpp>

#include "engine/records/hide_secrets.hpp"
#include "engine/surface/secret_names.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay {

namespace json = boost::json;

namespace {

enum class Label { trace, session, agent, end_user, tags, spend_logs };

struct Source {
    std::string_view name;
    Label label;
};

// In each table the first one counts. Headers go before the body, the body before `metadata`,
// `metadata` before `litellm_metadata`; tags and spend_logs_metadata are put together from all.
constexpr auto kHeaders = std::to_array<Source>({
    {"x-litellm-trace-id", Label::trace},
    {"x-litellm-session-id", Label::session},
    {"x-litellm-agent-id", Label::agent},
    {"x-litellm-customer-id", Label::end_user},
    {"x-litellm-end-user-id", Label::end_user},
    {"x-litellm-tags", Label::tags},
    {"x-litellm-spend-logs-metadata", Label::spend_logs},
});
constexpr auto kMembers = std::to_array<Source>({
    {"litellm_trace_id", Label::trace},
    {"litellm_session_id", Label::session},
    {"user", Label::end_user},
    {"tags", Label::tags},
});
constexpr auto kMetadata = std::to_array<Source>({
    {"trace_id", Label::trace},
    {"session_id", Label::session},
    {"user", Label::end_user},
    {"user_id", Label::end_user},
    {"tags", Label::tags},
    {"spend_logs_metadata", Label::spend_logs},
});
/// After all others.
constexpr auto kLastMembers = std::to_array<Source>({{"safety_identifier", Label::end_user}});

constexpr auto kMetadataMembers = std::to_array<std::string_view>({"litellm_metadata", "metadata"});

/// "langfuse_NAME: value" is metadata.NAME.
constexpr std::string_view kLangfuse = "langfuse_";
/// Lists of texts in a header, as "a,b".
constexpr auto kLists = std::to_array<std::string_view>({"tags", "update_trace_keys"});

std::string lower(std::string_view text) {
    std::string made(text);
    for (char& c : made) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return made;
}

bool named(std::span<const Source> table, std::string_view name) {
    return std::any_of(table.begin(), table.end(),
                       [&](const Source& source) { return source.name == name; });
}

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool is_long_integer(const json::value& value) {
    const std::string_view digits = json_tree::number_text_of(value);
    return !digits.empty() && digits.size() <= kMaxLabel &&
           digits.find_first_of(".eE") == std::string_view::npos;
}

/// A label's text; null if the value cannot be one. Numbers are taken as they are written.
json::value label_of(const json::value& value) {
    const bool whole = value.is_int64() || value.is_uint64() || is_long_integer(value);
    if (whole) return json::value(json_tree::write(value));
    const auto* text = value.if_string();
    if (!text) return nullptr;
    const std::string_view view = trimmed(*text);
    const bool control = std::any_of(view.begin(), view.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    if (view.empty() || view.size() > kMaxLabel || control) return nullptr;
    return json::value(view);
}

json::array split(std::string_view list) {
    json::array items;
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        if (const auto item = trimmed(list.substr(0, comma)); !item.empty()) {
            items.emplace_back(item);
        }
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    }
    return items;
}

/// A JSON value that is written in a header; null if it is none.
json::value json_of(std::string_view text) {
    json_tree::Tree tree = json_tree::read(text);
    json_tree::make_utf8(tree.value);
    return std::move(tree.value);
}

class Reader {
  public:
    explicit Reader(Requester& to) : to_(to) {}

    /// Takes one value for a label; `name` is where it stands, for what is ignored.
    void take(Label label, const json::value& value, std::string_view name) {
        if (value.is_null()) return;
        bool taken = false;
        switch (label) {
            case Label::tags:
                taken = take_tags(value);
                break;
            case Label::spend_logs:
                taken = take_spend_logs(value);
                break;
            case Label::trace:
                taken = take_text(to_.trace_id, value);
                break;
            case Label::end_user:
                taken = take_text(to_.end_user, value);
                break;
            case Label::session:
                taken = take_text(session_, value);
                break;
            case Label::agent:
                taken = take_text(agent_, value);
                break;
        }
        if (!taken) to_.ignored.emplace_back(name);
    }

    /// In `metadata` sinks find them.
    void put_into_metadata() {
        if (!session_.is_null()) to_.metadata.emplace("session_id", session_);
        if (!agent_.is_null()) to_.metadata.emplace("agent_id", agent_);
    }

  private:
    static bool take_text(json::value& to, const json::value& value) {
        json::value label = label_of(value);
        if (label.is_null()) return false;
        if (to.is_null()) to = std::move(label);
        return true;
    }

    bool take_tags(const json::value& value) {
        if (const auto* text = value.if_string()) return take_tags(json::value(split(*text)));
        const auto* list = value.if_array();
        if (!list) return false;
        bool all = true;
        for (const json::value& item : *list) {
            json::value tag = label_of(item);
            if (tag.is_null() || to_.tags.size() >= kMaxTags) {
                all = false;
            } else if (std::find(to_.tags.begin(), to_.tags.end(), tag) == to_.tags.end()) {
                to_.tags.push_back(std::move(tag));
            }
        }
        return all;
    }

    bool take_spend_logs(const json::value& value) {
        const json::value read =
            value.is_string() ? json_of(std::string_view(value.get_string())) : value;
        const auto* object = read.if_object();
        if (!object) return false;
        if (!to_.spend_logs_metadata.is_object()) to_.spend_logs_metadata.emplace_object();
        auto& known = to_.spend_logs_metadata.get_object();
        for (const auto& member : *object) known.emplace(member.key(), member.value());
        return true;
    }

    Requester& to_;
    json::value session_;
    json::value agent_;
};

/// What a langfuse_* header says: true and false, JSON objects and lists, else the text.
json::value langfuse_value(std::string_view name, std::string_view text) {
    if (std::find(kLists.begin(), kLists.end(), name) != kLists.end() && !text.starts_with('[')) {
        return split(text);
    }
    if (text == "true" || text == "false" || text.starts_with('{') || text.starts_with('[')) {
        if (json::value read = json_of(text); !read.is_null()) return read;
    }
    return json::value(text);
}

void add_langfuse(Requester& to, const json::array& headers) {
    for (const json::value& header : headers) {
        const std::string name = lower(header.at(0).get_string());
        const std::string_view value = header.at(1).get_string();
        if (!name.starts_with(kLangfuse) || name.size() == kLangfuse.size()) continue;
        // Of LiteLLM's callback parameters for one request none is for a record.
        if (is_secret_name(name) || name == "langfuse_public_key" || name == "langfuse_host") {
            to.ignored.emplace_back(name);
            continue;
        }
        const std::string_view member = std::string_view(name).substr(kLangfuse.size());
        to.metadata[member] = langfuse_value(member, value);
    }
}

}  // namespace

bool is_record_header(std::string_view name) {
    const std::string small = lower(name);
    return small.starts_with(kLangfuse) || named(kHeaders, small);
}

bool is_record_member(std::string_view name) {
    return named(kMembers, name) || named(kLastMembers, name) ||
           std::find(kMetadataMembers.begin(), kMetadataMembers.end(), name) !=
               kMetadataMembers.end();
}

Requester read_requester(const json::object* request, const json::array& headers) {
    Requester to;
    const auto take = [&](Reader& reader, std::span<const Source> table,
                          const json::object& members) {
        for (const auto& [name, label] : table) {
            if (const auto* value = members.if_contains(name)) reader.take(label, *value, name);
        }
    };
    for (const std::string_view name : kMetadataMembers) {
        const auto* given = request ? request->if_contains(name) : nullptr;
        if (!given) continue;
        // As in LiteLLM, an object or the text of one.
        const json::value read =
            given->is_string() ? json_of(std::string_view(given->get_string())) : *given;
        if (!read.is_object()) continue;
        for (const auto& member : read.get_object()) to.metadata[member.key()] = member.value();
    }
    add_langfuse(to, headers);

    Reader reader(to);
    for (const auto& [name, label] : kHeaders) {
        for (const json::value& header : headers) {
            if (lower(header.at(0).get_string()) == name) reader.take(label, header.at(1), name);
        }
    }
    if (request) take(reader, kMembers, *request);
    take(reader, kMetadata, to.metadata);
    if (request) take(reader, kLastMembers, *request);
    reader.put_into_metadata();

    json::value metadata(std::move(to.metadata));
    hide_secrets(metadata, false);
    to.metadata = std::move(metadata.get_object());
    hide_secrets(to.spend_logs_metadata, false);
    return to;
}

}  // namespace patchbay
