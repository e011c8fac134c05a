#include "delta.hpp"

#include <patchbay/json_tree.hpp>
#include <string>
#include <utility>

#include "json/access.hpp"

namespace patchbay::shared {

namespace {

std::string_view view(const json::string& words) {
    return {words.data(), words.size()};
}

}  // namespace

void add_delta(json::object delta, json::object& message) {
    for (auto& [name, value] : delta) {
        auto* there = find(message, name);
        if (!there) {
            message[name] = std::move(value);
        } else if (there->is_string() && value.is_string()) {
            std::string joined(view(there->get_string()));
            json_tree::join(joined, view(value.get_string()));
            *there = joined;
        } else if (there->is_array() && value.is_array()) {
            for (auto& element : value.get_array())
                there->get_array().push_back(std::move(element));
        } else if (there->is_object() && value.is_object()) {
            add_delta(std::move(value.get_object()), there->get_object());
        }
    }
}

}  // namespace patchbay::shared
