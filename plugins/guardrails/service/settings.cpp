#include "settings.hpp"

namespace patchbay::service {

std::string text_of(const boost::json::object& object, std::string_view name,
                    std::string_view otherwise) {
    const auto* value = object.if_contains(name);
    if (!value || !value->is_string()) return std::string(otherwise);
    return {value->get_string().data(), value->get_string().size()};
}

std::string url_of(std::string base, std::string_view path) {
    while (base.ends_with('/')) base.pop_back();
    return base.ends_with(path) ? base : base + std::string(path);
}

}  // namespace patchbay::service
