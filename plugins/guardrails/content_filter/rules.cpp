#include "rules.hpp"

#include <boost/json.hpp>

#include "prebuilt.hpp"

namespace patchbay::content_filter {

namespace json = boost::json;
using text_filter::Action;
using text_filter::alphabet_of;

namespace {

std::string text_of(const json::object& object, std::string_view name, std::string_view otherwise) {
    const auto* value = object.if_contains(name);
    if (!value || !value->is_string()) return std::string(otherwise);
    return {value->get_string().data(), value->get_string().size()};
}

std::string upper(std::string text) {
    for (char& c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
}

std::string redaction_of(std::string format, const std::string& name) {
    constexpr std::string_view kName = "{pattern_name}";
    const std::size_t at = format.find(kName);
    if (at != std::string::npos) format.replace(at, kName.size(), upper(name));
    return format;
}

Action action_of(const json::object& object) {
    return text_of(object, "action", "BLOCK") == "MASK" ? Action::mask : Action::block;
}

class Rules {
  public:
    Rules(const json::object& config, bay::Diag& diag) : config_(config), diag_(diag) {
        if (const auto* most = config.if_contains("max_match_length")) {
            max_length_ = json::value_to<std::size_t>(*most);
        }
    }

    std::vector<Rule> read() {
        each("patterns",
             [&](const json::object& entry, const std::string& at) { read_pattern(entry, at); });
        each("blocked_words",
             [&](const json::object& entry, const std::string&) { read_word(entry); });
        if (rules_.empty() && !diag_.failed()) {
            diag_.error("", "nothing to look for: name patterns or blocked_words");
        }
        return std::move(rules_);
    }

  private:
    template <class F>
    void each(const char* name, F&& read_one) {
        const auto* list = config_.if_contains(name);
        if (!list || !list->is_array()) return;
        for (std::size_t i = 0; i < list->get_array().size(); ++i) {
            const std::string at = "/" + std::string(name) + "/" + std::to_string(i);
            read_one(list->get_array()[i].get_object(), at);
        }
    }

    void read_pattern(const json::object& entry, const std::string& at) {
        Rule rule;
        rule.action = action_of(entry);
        std::string regex;
        if (text_of(entry, "pattern_type", "prebuilt") == "regex") {
            regex = text_of(entry, "pattern", "");
            if (regex.empty()) return diag_.error(at + "/pattern", "is missing");
            rule.name = text_of(entry, "name", text_of(entry, "pattern_name", "custom"));
        } else {
            rule.name = text_of(entry, "pattern_name", text_of(entry, "name", ""));
            const Prebuilt* known = find_prebuilt(rule.name);
            if (!known) {
                return diag_.error(at + "/pattern_name",
                                   "there is no built-in pattern \"" + rule.name + "\"");
            }
            regex = known->regex;
            if (known->luhn) rule.accept = passes_luhn;
        }
        rule.redaction = redaction_of(
            text_of(config_, "pattern_redaction_format", "[{pattern_name}_REDACTED]"), rule.name);
        add(std::move(rule), regex, max_length_, at + "/pattern");
    }

    void read_word(const json::object& entry) {
        Rule rule;
        rule.keyword = true;
        rule.name = text_of(entry, "keyword", "");
        rule.description = text_of(entry, "description", "");
        rule.action = action_of(entry);
        rule.redaction = text_of(config_, "keyword_redaction_tag", "[KEYWORD_REDACTED]");
        // A letter may be three bytes long where its other case is one.
        const std::size_t longest = 3 * rule.name.size();
        const std::string regex = "(?i)" + re2::RE2::QuoteMeta(rule.name);
        add(std::move(rule), regex, longest, "");
    }

    void add(Rule rule, const std::string& regex, std::size_t max_length, const std::string& at) {
        re2::RE2::Options options;
        options.set_log_errors(false);
        options.set_longest_match(true);
        auto compiled = std::make_shared<const re2::RE2>(regex, options);
        if (!compiled->ok()) {
            return diag_.error(at, "not a regular expression for RE2: " + compiled->error());
        }
        rule.alphabet = alphabet_of(regex);
        rule.max_length = max_length;
        rule.regex = std::move(compiled);
        rules_.push_back(std::move(rule));
    }

    const json::object& config_;
    bay::Diag& diag_;
    std::size_t max_length_ = 256;
    std::vector<Rule> rules_;
};

}  // namespace

std::vector<Rule> read_rules(std::string_view config, bay::Diag& diag) {
    const json::value document = json::parse(config);
    return Rules(document.as_object(), diag).read();
}

}  // namespace patchbay::content_filter
