// What the tests of this folder share.
#pragma once

#include <patchbay/json_tree.hpp>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "contract/error.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface::test {

/// The tree of a text, which must be JSON.
inline json::value tree_of(std::string_view text) {
    auto tree = json_tree::read(text);
    EXPECT_TRUE(tree) << tree.error() << " in " << text;
    return std::move(tree.value);
}

/// The text as the writer would write it: two texts that say the same in the same order are equal.
inline std::string tidy(std::string_view text) {
    return json_tree::write(tree_of(text));
}

/// An error that quotes in its message.
inline Error error_of(ErrorClass cls, int http_status = 0) {
    Error error;
    error.cls = cls;
    error.http_status = http_status;
    error.message = "no \"luck\"";
    return error;
}

}  // namespace patchbay::surface::test
