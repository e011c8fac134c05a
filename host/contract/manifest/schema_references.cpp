#include "contract/manifest/schema_references.hpp"

#include <string_view>
#include <unordered_set>

#include <boost/json.hpp>

#include "contract/manifest/schema_places.hpp"

namespace patchbay {

namespace {

namespace json = boost::json;

constexpr std::size_t kMostSchemas = 10'000;  // visited, over all references

class References {
  public:
    explicit References(const json::value& schema) : schema_(schema) {
        for_each_schema(schema, [this](const json::object& one) { schemas_.insert(&one); });
    }
    std::string check() {
        follow(schema_);
        return wrong_;
    }

  private:
    void follow(const json::value& from) {
        const json::object* const object = from.if_object();
        if (object != nullptr) open_.insert(object);
        for_each_schema(from, [this](const json::object& one) {
            if (!wrong_.empty()) return;
            if (++visited_ > kMostSchemas) {
                wrong_ = "it is too large when its references are followed";
                return;
            }
            const auto* const reference = one.if_contains("$ref");
            if (reference == nullptr || !reference->is_string()) return;
            follow_reference(std::string_view(reference->get_string()));
        });
        if (object != nullptr) open_.erase(object);
    }

    void follow_reference(std::string_view text) {
        // Percent signs and a last slash are read in more than one way.
        const bool readable = text.starts_with('#') && text.find('%') == std::string_view::npos &&
                              !text.ends_with('/');
        boost::system::error_code failed;
        const json::value* const target =
            readable ? schema_.find_pointer(text.substr(1), failed) : nullptr;
        const json::object* const object = target == nullptr ? nullptr : target->if_object();
        if (target == nullptr || (!target->is_bool() && schemas_.count(object) == 0)) {
            return tell(text, "leads to no schema of this document");
        }
        if (open_.count(object) != 0) return tell(text, "leads back to where it stands");
        follow(*target);
    }

    void tell(std::string_view reference, const char* what) {
        wrong_ = "\"$ref\": \"" + std::string(reference) + "\" " + what;
    }

    const json::value& schema_;
    std::unordered_set<const json::object*> schemas_;  ///< all there are
    std::unordered_set<const json::object*> open_;     ///< on the way to where we are
    std::size_t visited_ = 0;
    std::string wrong_;
};

}  // namespace

std::string check_references(const json::value& schema) {
    return References(schema).check();
}

}  // namespace patchbay
