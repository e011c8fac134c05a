#include "app/command_line.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "config/suggest.hpp"

namespace patchbay::app {

namespace {

using Kind = Flag::Kind;

struct Command {
    std::string_view name;
    std::string_view verbs;    ///< one of them comes next, "new|list"; empty = there are none
    std::string_view operand;  ///< what follows; in brackets: it may be left out
    std::string_view help;
};

constexpr auto kCommands = std::to_array<Command>({
    {"check", "", "FILE", "say everything that is wrong with a configuration; serve nothing"},
    {"plugins", "", "", "list the plugin files: id, version, hash, components"},
    {"ledger", "check", "STORE", "look whether the books in a store agree (docs/spend.md)"},
    {"ledger", "close", "STORE", "forget entries of the days before --from (docs/spend.md)"},
    {"keys", "list|info|new|update|block|unblock|delete", "[KEY or JSON]",
     "manage virtual keys in the store of --config (docs/keys.md)"},
    {"teams", "list|info|new|update|block|unblock|delete", "[TEAM or JSON]", "manage teams"},
    {"users", "list|new|delete", "[USER or JSON]", "manage users"},
    {"spend", "keys|users|models|days|logs", "", "what was spent"},
    {"spend", "reprice", "",
     "what calls from --from to --to cost at the prices of their days (docs/spend.md)"},
    {"import", "litellm", "",
     "take keys, teams, users and what they spent from LiteLLM's database --from (docs/keys.md)"},
    {"reconcile", "", "FILE...",
     "compare a usage export of OpenAI or Anthropic with the books (docs/spend.md)"},
    {"prices", "import", "FILE",
     "take the prices of LiteLLM's price map into a table (docs/spend.md)"},
    {"help", "", "", "print this"},
    {"version", "", "", "print the version"},
});

const Flag* find(std::string_view name) {
    for (const auto table : {flags(), poco_flags()}) {
        for (const Flag& flag : table) {
            if (flag.name == name) return &flag;
        }
    }
    return nullptr;
}

// LiteLLM's command line takes dashes for underscores nowhere, but people do.
std::string underscored(std::string_view name) {
    std::string text(name);
    std::replace(text.begin(), text.end(), '-', '_');
    return text;
}

std::string unknown_flag(std::string_view name) {
    std::string text = "unknown flag --" + std::string(name);
    const std::string guess = underscored(name);
    Nearest nearest(guess, typo_limit(name));
    for (const Flag& flag : flags()) nearest.offer(flag.name);
    if (!nearest.found().empty()) text += "; did you mean --" + std::string(nearest.found()) + "?";
    return text;
}

bool looks_like_file(std::string_view name) {
    return name.ends_with(".yaml") || name.ends_with(".yml") ||
           name.find('/') != std::string_view::npos;
}

std::optional<std::string> bad_number(const Flag& flag, std::string_view text) {
    if (flag.low == 0 && flag.high == 0) return std::nullopt;
    int number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec == std::errc{} && read.ptr == text.data() + text.size() && number >= flag.low &&
        number <= flag.high) {
        return std::nullopt;
    }
    return "--" + std::string(flag.name) + " must be a whole number from " +
           std::to_string(flag.low) + " to " + std::to_string(flag.high);
}

bool has_verb(const Command& command, std::string_view verb) {
    const std::string all = "|" + std::string(command.verbs) + "|";
    return !verb.empty() && all.find("|" + std::string(verb) + "|") != std::string::npos;
}

std::string usage(const Command& command) {
    std::string text = "patchbay " + std::string(command.name);
    if (!command.verbs.empty()) text += " " + std::string(command.verbs);
    if (!command.operand.empty()) text += " " + std::string(command.operand);
    return text;
}

std::optional<std::string> bad_command(std::span<const std::string> words) {
    const std::string& name = words[0];
    const auto* command = std::find_if(kCommands.begin(), kCommands.end(),
                                       [&](const Command& c) { return c.name == name; });
    if (command == kCommands.end()) {
        if (looks_like_file(name)) return "to serve a file: patchbay --config " + name;
        Nearest nearest(name, typo_limit(name));
        for (const Command& c : kCommands) nearest.offer(c.name);
        std::string text = "unknown command '" + name + "'";
        if (!nearest.found().empty())
            text += "; did you mean '" + std::string(nearest.found()) + "'?";
        return text;
    }
    for (const Command& c : kCommands) {
        if (c.name == name && words.size() > 1 && has_verb(c, words[1])) command = &c;
    }
    const bool verbs = !command->verbs.empty();
    const std::string_view operand = command->operand;
    const std::size_t named = (verbs ? 1 : 0) + (operand.empty() ? 0 : 1);
    const std::size_t most = operand.ends_with("...") ? words.size() : named;
    const std::size_t least = operand.starts_with('[') ? named - 1 : named;
    if (words.size() - 1 < least || (verbs && !has_verb(*command, words[1]))) {
        const bool needs_operand = least > (verbs ? 1U : 0U);
        return name + " needs " +
               (verbs && needs_operand ? "a verb and a place"
                : verbs                ? "a verb"
                                       : "a file") +
               ": " + usage(*command);
    }
    if (words.size() - 1 > most) {
        return "'" + name + "' takes " + (operand.empty() ? "nothing" : "one operand") + ", not '" +
               words[most + 1] + "'";
    }
    return std::nullopt;
}

// Whether one of the commands that the flag belongs to is the one that was given.
bool belongs(const Flag& flag, std::span<const std::string> words) {
    if (flag.of.empty()) return true;
    if (words.empty()) return false;
    const std::string all = "|" + std::string(flag.of) + "|";
    const auto has = [&](const std::string& command) {
        return all.find("|" + command + "|") != std::string::npos;
    };
    return has(words[0]) || (words.size() > 1 && has(words[0] + " " + words[1]));
}

std::string of_another(const Flag& flag, std::span<const std::string> words) {
    std::string owners(flag.of);
    for (std::size_t at = 0; (at = owners.find('|', at)) != std::string::npos; at += 4) {
        owners.replace(at, 1, "`, `");
    }
    std::string given = "the gateway itself";
    if (!words.empty()) given = "`" + words[0] + (words.size() > 1 ? " " + words[1] : "") + "`";
    return "--" + std::string(flag.name) + " is a flag of `" + owners + "`, not of " + given +
           ": nothing was done";
}

// A flag that stands twice has its last value: what a container's own command says can be said
// otherwise behind it.
void add_argument(std::vector<std::string>& arguments, const Flag& flag,
                  const std::optional<std::string>& value) {
    const std::string name = "--" + std::string(flag.name);
    std::erase_if(arguments, [&](const std::string& earlier) {
        return earlier == name || earlier.starts_with(name + "=");
    });
    arguments.push_back(value ? name + "=" + *value : name);
}

std::string row(std::string_view left, std::string_view right) {
    constexpr std::size_t kColumn = 30;
    std::string line = "  " + std::string(left);
    line.append(line.size() < kColumn ? kColumn - line.size() : 1, ' ');
    return line + std::string(right) + "\n";
}

std::string row(const Flag& flag) {
    std::string left = flag.letter.empty() ? "" : "-" + std::string(flag.letter) + ", ";
    left += "--" + std::string(flag.name);
    if (!flag.value.empty()) left += " " + std::string(flag.value);
    std::string right(flag.help);
    if (!flag.variable.empty()) right += " [" + std::string(flag.variable) + "]";
    return row(left, right);
}

}  // namespace

std::optional<std::string> read_command_line(std::span<const std::string> arguments,
                                             CommandLine& sorted) {
    std::vector<std::string> words;
    std::vector<const Flag*> given_flags;
    bool last = false;  // -v and -h are looked at no further, as in Poco
    for (std::size_t i = 0; i < arguments.size() && !last; ++i) {
        const std::string& given = arguments[i];
        if (given.size() < 2 || given[0] != '-') {
            words.push_back(given);
            sorted.arguments.push_back(given);
            continue;
        }
        const Flag* flag = nullptr;
        std::string name;
        std::optional<std::string> value;
        if (given[1] == '-') {
            const std::size_t equals = given.find_first_of("=:");
            name = given.substr(2, equals == std::string::npos ? equals : equals - 2);
            if (equals != std::string::npos) value = given.substr(equals + 1);
            flag = find(name);
            if (flag == nullptr) return unknown_flag(name);
        } else {
            name = given.substr(1, 1);
            const auto found = std::find_if(flags().begin(), flags().end(),
                                            [&](const Flag& f) { return f.letter == name; });
            if (found == flags().end()) return "unknown flag " + given;
            flag = &*found;
            if (given.size() > 2) value = given.substr(given[2] == '=' ? 3 : 2);
        }
        if (flag->value.empty() && value) {
            return "--" + std::string(flag->name) + " takes no value";
        }
        if (!flag->value.empty() && !value) {
            if (i + 1 == arguments.size() || arguments[i + 1].starts_with("--")) {
                return "--" + std::string(flag->name) + " needs a value: --" +
                       std::string(flag->name) + " " + std::string(flag->value);
            }
            value = arguments[++i];
        }
        if (value) {
            if (auto wrong = bad_number(*flag, *value)) return wrong;
            // The variable of a script that nobody set: what it was to say is not known.
            if (value->empty() && flag->kind == Kind::done) {
                return "--" + std::string(flag->name) + " is given, but empty: --" +
                       std::string(flag->name) + " " + std::string(flag->value);
            }
        }
        switch (flag->kind) {
            case Kind::refused:
                return "--" + std::string(flag->name) +
                       " is LiteLLM's and not done by Patchbay: " + std::string(flag->help);
            case Kind::ignored:
                sorted.warnings.push_back("--" + std::string(flag->name) +
                                          " is LiteLLM's and ignored: " + std::string(flag->help));
                break;
            case Kind::done:
                add_argument(sorted.arguments, *flag, value);
                given_flags.push_back(flag);
                if (flag->name == "config" || flag->name == "model") sorted.names_source = true;
                last = flag->name == "version" || flag->name == "help";
                break;
        }
    }
    if (last) return std::nullopt;
    if (!words.empty()) {
        if (auto wrong = bad_command(words)) return wrong;
    }
    for (const Flag* flag : given_flags) {
        if (!belongs(*flag, words)) return of_another(*flag, words);
    }
    sorted.serves = words.empty();
    return std::nullopt;
}

std::string help_text() {
    std::string text =
        "An LLM gateway: serves LiteLLM's config.yaml to the clients of OpenAI's API.\n\n"
        "usage:\n";
    text += row("patchbay [flags]", "serve");
    for (const Command& command : kCommands) {
        text += row(usage(command), command.help);
    }
    text +=
        "\nexamples:\n"
        "  patchbay                                       the demo model, and every provider whose "
        "key is set\n"
        "  patchbay --config config.yaml --port 8080\n"
        "  OPENAI_API_KEY=... patchbay --model openai/gpt-4o\n"
        "\nflags, with the environment variables that stand for them:\n";
    for (const Flag& flag : flags()) {
        if (flag.kind == Kind::done) text += row(flag);
    }
    text += "\nfor service managers that want a process in the background:\n";
    for (const Flag& flag : poco_flags()) text += row(flag);
    text += "\nother flags of LiteLLM are known and said to be ignored, or refused:\n ";
    std::size_t width = 1;
    for (const Flag& flag : flags()) {
        if (flag.kind == Kind::done) continue;
        if (width + flag.name.size() + 3 > 100) {
            text += "\n ";
            width = 1;
        }
        text += " --" + std::string(flag.name);
        width += flag.name.size() + 3;
    }
    text +=
        "\n\nexit status: 0 after a drain; 64 for a slip on the command line; 69 if the address "
        "cannot be had;\n"
        "78 for a configuration that cannot be used; 65 for books that do not agree, and for what "
        "is refused\n";
    return text;
}

}  // namespace patchbay::app
