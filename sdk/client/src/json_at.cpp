#include "json_at.hpp"

#include "patchbay/client.h"
#include "patchbay/json_tree.hpp"

namespace patchbay::client {

bay_status json_at(std::string_view json, std::string_view pointer, std::string& found) {
    json_tree::Tree tree = json_tree::read(json);
    if (!tree) return BAY_E_INVALID;
    json_tree::make_utf8(tree.value);
    boost::system::error_code wrong;
    const boost::json::value* value = tree.value.find_pointer(pointer, wrong);
    if (value == nullptr || value->is_null()) return BAY_CLIENT_E_AGAIN;
    if (value->is_string()) {
        found = value->get_string();
    } else {
        found = json_tree::write(*value);
    }
    return BAY_OK;
}

}  // namespace patchbay::client
