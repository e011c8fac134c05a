#include "control/exchange.hpp"

#include <boost/json/array.hpp>

#include "patchbay/json_tree.hpp"

namespace patchbay::control {

namespace json = boost::json;

void refuse(int status, std::string_view type, const std::string& message, std::string_view param) {
    json::object error{{"message", message}, {"type", type}, {"param", nullptr}};
    if (!param.empty()) error["param"] = param;
    error["code"] = std::to_string(status);
    throw Refused{{status, json_tree::write(json::object{{"error", std::move(error)}})}};
}

void refuse_detail(int status, const std::string& message) {
    const json::object body{{"detail", json::object{{"error", message}}}};
    throw Refused{{status, json_tree::write(body)}};
}

void refuse_value(std::string_view where, std::string_view member, std::string_view type,
                  std::string_view message) {
    json::array place{where};
    if (!member.empty()) place.emplace_back(member);
    json::object problem{{"type", type}, {"loc", std::move(place)}, {"msg", message}};
    const json::object body{{"detail", json::array{std::move(problem)}}};
    constexpr int kUnprocessable = 422;
    throw Refused{{kUnprocessable, json_tree::write(body)}};
}

void refuse_missing(std::string_view where, std::string_view member) {
    refuse_value(where, member, "missing", "Field required");
}

}  // namespace patchbay::control
