#include "contract/manifest/schema_pattern.hpp"

#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/json.hpp>
#include <boost/regex.hpp>
#include <valijson/constraint_builder.hpp>
#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/internal/adapter.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>

#include "contract/manifest/schema_places.hpp"

namespace patchbay {

namespace {

namespace json = boost::json;

constexpr std::string_view kPattern = "pattern";
constexpr const char* kRenamed = "x-bay-pattern";

class Pattern final : public valijson::constraints::PolyConstraint {
  public:
    explicit Pattern(const std::string& pattern) : regex_(pattern) {}

    bool validate(const valijson::adapters::Adapter& target,
                  const std::vector<std::string>& context,
                  valijson::ValidationResults* results) const override {
        if (!target.isString()) return true;  // "type" is another rule
        const std::string text = target.asString();
        const char* wrong = "Failed to match regex specified by 'pattern' constraint.";
        try {
            // As in ECMA 262, which JSON Schema names: '.' is no line break, and '$' the very end.
            const auto flags = boost::regex_constants::match_not_dot_newline |
                               boost::regex_constants::match_single_line;
            if (boost::regex_search(text, regex_, flags)) return true;
        } catch (const std::runtime_error&) {
            wrong = "Too long for the regex specified by 'pattern' constraint.";
        }
        if (results != nullptr) results->pushError(context, wrong);
        return false;
    }

  private:
    Constraint* cloneInto(void* place) const override { return new (place) Pattern(*this); }
    std::size_t sizeOf() const override { return sizeof(Pattern); }

    boost::regex regex_;
};

class PatternBuilder final : public valijson::ConstraintBuilder {
  public:
    valijson::constraints::Constraint* make(
        const valijson::adapters::Adapter& given) const override {
        if (!given.isString()) throw std::runtime_error("'pattern' must be a string");
        try {
            return new Pattern(given.asString());  // the parser deletes it
        } catch (const boost::regex_error& error) {
            throw std::runtime_error("'pattern' is no regular expression: " +
                                     std::string(error.what()));
        }
    }
};

}  // namespace

void rename_patterns(json::value& schema) {
    for_each_schema(schema, [](json::object& one) {
        if (auto* const pattern = one.if_contains(kPattern)) {
            json::value moved = std::move(*pattern);
            one.erase(kPattern);
            one[kRenamed] = std::move(moved);
        }
    });
}

void read_patterns(valijson::SchemaParser& parser) {
    parser.addConstraintBuilder(kRenamed, new PatternBuilder);  // the parser deletes it
}

}  // namespace patchbay
