// Reading an instance's configuration, valid against its schema already.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

namespace patchbay::service {

/// The text of a member, or `otherwise`.
std::string text_of(const boost::json::object& object, std::string_view name,
                    std::string_view otherwise = {});

/// `base` without slashes at its end, then `path`; `base` alone if it ends with `path` already.
std::string url_of(std::string base, std::string_view path);

}  // namespace patchbay::service
