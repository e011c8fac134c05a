#include "contract/json/json_walk.hpp"

#include "contract/json/member_walker.hpp"

namespace patchbay {

namespace {

bool is_empty_array(std::string_view value) {
    return value[0] == '[' && value.find_first_not_of(" \t\r\n", 1) == value.size() - 1;
}

}  // namespace

bool says_something(std::string_view value, unsigned depth) {
    if (value == "null" || value == "false" || value == "0" || value == "\"\"") return false;
    if (value[0] != '{' || depth == 0) return !is_empty_array(value);
    MemberWalker walker(value);
    for (JsonMember m; walker.next(m);) {
        if (says_something(m.value, depth - 1)) return true;
    }
    return false;
}

}  // namespace patchbay
