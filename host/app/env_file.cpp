#include "app/env_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace patchbay::app {

namespace {

constexpr const char* kEnvFile = ".env";
constexpr std::size_t kMostBytes = 1 << 20;

bool is_name(std::string_view text) {
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    return !text.empty() && letter(text[0]) && std::all_of(text.begin(), text.end(), [&](char c) {
        return letter(c) || (c >= '0' && c <= '9') || c == '.';
    });
}

class Parser {
  public:
    explicit Parser(std::string_view text) : text_(text) {}

    EnvFile parse() {
        while (at_ < text_.size()) {
            const int line = line_;
            if (const char* problem = entry()) {
                out_.problems.push_back(std::string(kEnvFile) + ":" + std::to_string(line) + ": " +
                                        problem);
                skip_line();
            }
        }
        return std::move(out_);
    }

  private:
    char peek() const { return at_ < text_.size() ? text_[at_] : '\n'; }
    void step() {
        if (at_ >= text_.size()) return;
        if (text_[at_] == '\n') ++line_;
        ++at_;
    }
    void skip_blanks() {
        while (peek() == ' ' || peek() == '\t' || (peek() == '\r' && at_ < text_.size())) step();
    }
    void skip_line() {
        while (peek() != '\n') step();
        step();
    }

    /// One line, or a value that goes over several; returns what is wrong.
    const char* entry() {
        skip_blanks();
        if (peek() == '\n') return step(), nullptr;
        if (peek() == '#') return skip_line(), nullptr;
        std::string name = word();
        if (name == "export" && (peek() == ' ' || peek() == '\t')) {
            skip_blanks();
            name = word();
        }
        skip_blanks();
        if (!is_name(name)) return "expected NAME=value: ignored";
        if (peek() != '=') return "no = behind the name: ignored";
        step();
        skip_blanks();
        std::string value;
        if (peek() == '\'' || peek() == '"') {
            if (!quoted(value)) return "the quotation mark is not closed: ignored";
            skip_blanks();
            if (peek() == '#')
                skip_line();
            else if (peek() != '\n')
                return "something stands behind the closing quotation mark: ignored";
            else
                step();
        } else {
            value = expanded(plain());
        }
        out_.variables.emplace_back(std::move(name), std::move(value));
        return nullptr;
    }

    std::string word() {
        std::string name;
        while (peek() != '=' && peek() != ' ' && peek() != '\t' && peek() != '\n') {
            name += peek();
            step();
        }
        if (!name.empty() && name.back() == '\r') name.pop_back();
        return name;
    }

    /// Up to the end of the line, or to a comment that a blank stands before.
    std::string plain() {
        std::string value;
        while (peek() != '\n') {
            if (peek() == '#' && (value.empty() || value.back() == ' ' || value.back() == '\t')) {
                break;
            }
            value += peek();
            step();
        }
        skip_line();
        const std::size_t end = value.find_last_not_of(" \t\r");
        value.resize(end == std::string::npos ? 0 : end + 1);
        return value;
    }

    bool quoted(std::string& value) {
        const std::size_t begin = at_;
        const int line = line_;
        const char mark = peek();
        step();
        std::string raw;
        while (at_ < text_.size() && text_[at_] != mark) {
            char c = text_[at_];
            step();
            if (c == '\\' && at_ < text_.size()) {
                const char next = text_[at_];
                const bool known = mark == '\'' ? next == '\'' || next == '\\'
                                                : std::strchr("nrt\"\\$", next) != nullptr;
                if (known) {
                    step();
                    c = next == 'n' && mark == '"'   ? '\n'
                        : next == 'r' && mark == '"' ? '\r'
                        : next == 't' && mark == '"' ? '\t'
                                                     : next;
                    if (c == '$') {
                        value += expanded(raw);
                        raw.clear();
                        value += c;
                        continue;
                    }
                }
            }
            raw += c;
        }
        if (at_ >= text_.size()) {
            at_ = begin;
            line_ = line;
            return false;
        }
        step();
        value += mark == '\'' ? raw : expanded(raw);
        return true;
    }

    /// `${NAME}` and `${NAME:-otherwise}` replaced.
    std::string expanded(const std::string& raw) const {
        std::string value;
        std::size_t at = 0;
        while (true) {
            const std::size_t open = raw.find("${", at);
            const std::size_t close = open == std::string::npos ? open : raw.find('}', open);
            if (close == std::string::npos) return value.append(raw, at);
            value.append(raw, at, open - at);
            const std::string inside = raw.substr(open + 2, close - open - 2);
            const std::size_t dash = inside.find(":-");
            const std::string known = lookup(inside.substr(0, dash));
            value += known.empty() && dash != std::string::npos ? inside.substr(dash + 2) : known;
            at = close + 1;
        }
    }

    std::string lookup(const std::string& name) const {
        // What is set outside of the file wins, as it does in the end.
        if (const char* set = std::getenv(name.c_str())) return set;
        const auto found = std::find_if(out_.variables.rbegin(), out_.variables.rend(),
                                        [&](const auto& v) { return v.first == name; });
        return found == out_.variables.rend() ? "" : found->second;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int line_ = 1;
    EnvFile out_;
};

}  // namespace

EnvFile parse_env_file(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    return Parser(text).parse();
}

std::vector<std::string> use_env_file() {
    const char* mode = std::getenv("LITELLM_MODE");
    if (mode && std::string_view(mode) == "PRODUCTION") return {};
    const int file = ::open(kEnvFile, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        if (errno == ENOENT) return {};
        return {std::string(kEnvFile) + ": cannot be read: " + std::strerror(errno) + ": ignored"};
    }
    struct stat facts {};
    const auto refused = [&](const char* why) {
        ::close(file);
        return std::vector<std::string>{std::string(kEnvFile) + ": " + why + ": ignored"};
    };
    if (::fstat(file, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        return S_ISDIR(facts.st_mode) ? (::close(file), std::vector<std::string>{})
                                      : refused("no regular file");
    }
    if (facts.st_uid != 0 && facts.st_uid != ::geteuid()) return refused("belongs to another user");
    if ((facts.st_mode & S_IWOTH) != 0) return refused("everybody may write it");
    if (facts.st_size > static_cast<off_t>(kMostBytes)) return refused("larger than 1 MiB");
    std::string text(static_cast<std::size_t>(facts.st_size), '\0');
    std::size_t have = 0;
    for (ssize_t got = 0;
         have < text.size() && (got = ::read(file, text.data() + have, text.size() - have)) > 0;) {
        have += static_cast<std::size_t>(got);
    }
    ::close(file);
    text.resize(have);
    EnvFile read = parse_env_file(text);
    // The last line for a name counts, and what was set before the file was read counts more.
    std::reverse(read.variables.begin(), read.variables.end());
    for (const auto& [name, value] : read.variables) ::setenv(name.c_str(), value.c_str(), 0);
    return std::move(read.problems);
}

}  // namespace patchbay::app
