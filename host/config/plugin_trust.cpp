// `plugins.trust`, and what is done with plugins that misbehave.
#include <algorithm>
#include <array>
#include <locale>

#include <boost/algorithm/string/case_conv.hpp>

#include "config/sections.hpp"

namespace patchbay {
namespace {

constexpr std::size_t kHashDigits = 64;
constexpr std::size_t kRawKeyBase64 = 44;  // 32 bytes
constexpr std::string_view kHash = "a SHA-256 hash of 64 hexadecimal digits";

bool is_hash(std::string_view text) {
    const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return text.size() == kHashDigits && std::all_of(text.begin(), text.end(), hex);
}

void read_hash(Reader& reader, const Entry& entry, const yaml::Node& node,
               std::vector<std::string>& hashes) {
    if (node.kind != yaml::Node::Kind::scalar) {
        return reader.wrong(entry.quoted(), node.place(), kHash, kind_name(node));
    }
    // Read as it is written: a hash may look like a number.
    std::string text;
    if (node.text.starts_with("os.environ/")) {
        const auto found = reader.scalar(node);
        if (!found) return;
        if (const auto* value = std::get_if<std::string>(&found->value)) text = *value;
    } else {
        text = node.text;
    }
    boost::algorithm::to_lower(text, std::locale::classic());
    if (!is_hash(text)) return reader.wrong(entry.quoted(), node.place(), kHash, "other text");
    hashes.push_back(std::move(text));
}

void read_hashes(Reader& reader, const Entry& entry, std::vector<std::string>& hashes) {
    if (entry.value->kind != yaml::Node::Kind::list) {
        return read_hash(reader, entry, *entry.value, hashes);
    }
    for (const yaml::Node* item : entry.value->items) read_hash(reader, entry, *item, hashes);
}

// `{<plugin id or file name>: <hash or hashes>}`, or a list of hashes that any file may have.
void read_pins(Reader& reader, const Entry& entry, PluginTrust& trust) {
    trust.pinned = true;
    if (entry.value->kind == yaml::Node::Kind::list) {
        read_hashes(reader, entry, trust.sha256[""]);
    } else if (entry.value->kind == yaml::Node::Kind::map) {
        for (const yaml::Member& member : entry.value->members) {
            read_hashes(reader, Entry{"plugins.trust.sha256", member.key, member.value},
                        trust.sha256[member.key->text]);
        }
    } else {
        reader.wrong(entry, "a mapping of plugin ids or file names to hashes, or a list of hashes");
    }
}

void read_keys(Reader& reader, const Entry& entry, PluginTrust& trust) {
    if (entry.value->kind != yaml::Node::Kind::list || entry.value->items.empty()) {
        return reader.wrong(entry, "a list of one or more public keys");
    }
    read_placed_texts(reader, entry, trust.ed25519);
}

void read_faults(Reader& reader, const Entry& entry, BreakerSettings& breaker) {
    constexpr int kMost = 1000;
    std::optional<int> faults;
    reader.read(entry, faults);
    if (faults && *faults > kMost) {
        reader.problems().error(entry.place(), entry.quoted() + ": expected at most 1000");
    } else {
        breaker.faults = faults.value_or(breaker.faults);
    }
}

constexpr std::array kTrustFields = {
    Field<PluginTrust>{"sha256", read_pins},
    Field<PluginTrust>{"ed25519", read_keys},
};

constexpr std::array kBreakerFields = {
    Field<BreakerSettings>{"faults", read_faults},
    Field<BreakerSettings>{"window", into<&BreakerSettings::window>},
    Field<BreakerSettings>{"cooldown", into<&BreakerSettings::cooldown>},
};

}  // namespace

bool is_file_name(std::string_view key) {
    if (key.find("-----BEGIN") != std::string_view::npos) return false;
    const auto base64 = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '+' || c == '/';
    };
    const bool raw = key.size() == kRawKeyBase64 && key.back() == '=' &&
                     std::all_of(key.begin(), key.end() - 1, base64);
    return !raw;
}

void read_placed_texts(Reader& reader, const Entry& entry, std::vector<PlacedText>& texts) {
    for (const yaml::Node* item : entry.value->items) {
        const auto found =
            item->kind == yaml::Node::Kind::scalar ? reader.scalar(*item) : std::nullopt;
        const auto* text = found ? std::get_if<std::string>(&found->value) : nullptr;
        if (text != nullptr && !text->empty()) {
            texts.push_back({*text, item->place()});
        } else if (found || item->kind != yaml::Node::Kind::scalar) {
            reader.wrong(entry.quoted(), item->place(), "text", kind_name(*item));
        }
    }
}

// A misspelt member here would leave a door open that the operator believes to be shut, so it is an
// error and not a warning.
void read_plugin_trust(Reader& reader, const Entry& entry, PluginTrust& trust) {
    if (!reader.is_map(entry)) return;
    for (const yaml::Member& member : entry.value->members) {
        const Entry inner{"plugins.trust", member.key, member.value};
        if (const auto* field = find_field<PluginTrust>(kTrustFields, inner.name())) {
            field->read(reader, inner, trust);
        } else {
            reader.problems().error(inner.key->place(),
                                    "only `sha256` and `ed25519` stand in `plugins.trust`");
        }
    }
}

void read_breaker(Reader& reader, const Entry& entry, BreakerSettings& breaker) {
    if (!reader.is_map(entry)) return;
    read_section<BreakerSettings>(reader, "breaker", *entry.value, kBreakerFields, {}, breaker);
}

}  // namespace patchbay
