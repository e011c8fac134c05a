// Tested by call_ends_test.cpp.
#include "call_ends.hpp"

#include <string_view>

#include <boost/json.hpp>

#include "json/access.hpp"

namespace patchbay::openai {

namespace json = boost::json;

bool CallEnds::mend(json::object& choice) {
    const json::object* said = nullptr;
    for (const std::string_view name : {"delta", "message"}) {
        if (said == nullptr) said = shared::find_object(std::as_const(choice), name);
    }
    const auto bit = bay::choice_bit(shared::count(choice, "index"));
    const json::array* calls = said != nullptr ? shared::find_array(*said, "tool_calls") : nullptr;
    if (calls != nullptr && !calls->empty()) calling_ |= bit;
    if ((calling_ & bit) == 0) return false;
    json::value* reason = choice.if_contains("finish_reason");
    if (reason == nullptr || !reason->is_string() || reason->get_string() != "stop") return false;
    *reason = "tool_calls";
    return true;
}

}  // namespace patchbay::openai
