// Typed reading of YAML values: each read() takes the value if it has the wanted kind and reports
// what was expected and what was found if not. The target's C++ type says which kind is wanted.
//
// A value may be a reference, `os.environ/NAME`, to an environment variable; it is resolved
// wherever a scalar is read. What a variable holds is text, so where a number or true/false is
// wanted such text (and text in quotes) is accepted if it spells one.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "config/loader.hpp"
#include "config/problems.hpp"
#include "config/scalar.hpp"
#include "config/yaml_node.hpp"

namespace patchbay {

/// A key and its value, with the section they stand in for messages ("router_settings").
struct Entry {
    std::string_view section;
    const yaml::Node* key;
    const yaml::Node* value;

    std::string_view name() const { return key->text; }
    /// "`router_settings.timeout`". For known keys only: an unknown one may be a misplaced secret.
    std::string quoted() const;
    /// Where the value stands; a missing value stands where its key does.
    Place place() const;
};

/// One per load; the loading thread only. A read() that fails leaves its target alone, but for a
/// secret that no header can carry; a null value
/// counts as an absent key. Numbers, counts and times are refused below zero.
class Reader {
  public:
    Reader(Problems& problems, const Environment& environment)
        : problems_(problems), environment_(environment) {}

    void read(const Entry& entry, bool& target);
    void read(const Entry& entry, std::optional<bool>& target);
    void read(const Entry& entry, std::optional<int>& target);
    void read(const Entry& entry, std::optional<std::int64_t>& target);
    void read(const Entry& entry, std::optional<double>& target);
    void read(const Entry& entry, std::chrono::milliseconds& target);  ///< from seconds
    void read(const Entry& entry, std::optional<std::chrono::milliseconds>& target);
    void read(const Entry& entry, std::string& target);
    void read(const Entry& entry, Secret& target);
    /// Lists may be given as the one value that would stand in them, as LiteLLM takes them.
    void read(const Entry& entry, std::vector<std::string>& target);
    void read(const Entry& entry, std::vector<PlacedText>& target);
    void read(const Entry& entry, boost::json::object& target);  ///< adds to the members

    /// The value as JSON, references resolved. Texts "true" and "false" of a variable become
    /// booleans; with `wants_number`, text that spells a number becomes one.
    boost::json::value json(const yaml::Node& node, bool wants_number = false);

    /// True if the value is a mapping (a list); else reports it, unless it is null.
    bool is_map(const Entry& entry);
    bool is_list(const Entry& entry);
    /// Reports that `expected` was expected, and what stands there.
    void wrong(const Entry& entry, std::string_view expected);
    void wrong(const std::string& what, const Place& place, std::string_view expected,
               std::string_view found);

    /// As json(), for what is sent as a header or in one: texts lose white space at their ends, and
    /// one that no header can carry is reported.
    boost::json::value header_json(const Entry& entry);

    /// The scalar with its reference resolved; reports a variable that is not set (nullopt). What a
    /// variable holds loses white space at its ends: a mounted secret ends with a line end.
    struct Scalar {
        ScalarValue value;
        bool from_variable = false;
        bool trimmed = false;  ///< it was a variable's, and had white space at its ends
    };
    std::optional<Scalar> scalar(const yaml::Node& node);

    /// A reference that came to nothing: its variable is not set, or its scheme is not done yet.
    struct Unresolved {
        Place place;
        std::string message;
    };
    /// While it lives, such references are noted in `into` and are no errors: for values without
    /// which a part of the configuration is left out. Null: they are errors, also within another
    /// scope.
    class UnresolvedScope {
      public:
        UnresolvedScope(Reader& reader, std::vector<Unresolved>* into)
            : reader_(reader), before_(reader.unresolved_) {
            reader_.unresolved_ = into;
        }
        ~UnresolvedScope() { reader_.unresolved_ = before_; }
        UnresolvedScope(const UnresolvedScope&) = delete;
        UnresolvedScope& operator=(const UnresolvedScope&) = delete;

      private:
        Reader& reader_;
        std::vector<Unresolved>* before_;
    };

    Problems& problems() { return problems_; }
    const Environment& environment() const { return environment_; }
    /// Is a master key configured? False until general_settings are read.
    bool has_master_key() const { return has_master_key_; }
    void set_has_master_key() { has_master_key_ = true; }

  private:
    std::optional<double> number(const Entry& entry, std::string_view expected);
    std::optional<std::int64_t> whole_number(const Entry& entry, std::int64_t most);
    void unresolved(const yaml::Node& node, std::string message);

    /// `text` without white space at its ends; a warning tells of blanks.
    std::string trimmed(const Entry& entry, const Place& place, std::string text);
    boost::json::value header_json(const Entry& entry, const yaml::Node& node);

    Problems& problems_;
    const Environment& environment_;
    std::vector<Unresolved>* unresolved_ = nullptr;
    bool has_master_key_ = false;
};

/// "a number", "a list", ... as messages name it; never the value itself.
std::string_view kind_name(const yaml::Node& node);
std::string_view kind_name(const ScalarValue& value);

}  // namespace patchbay
