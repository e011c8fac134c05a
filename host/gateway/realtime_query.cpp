#include "gateway/realtime_query.hpp"

#include <algorithm>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <simdjson.h>

#include "engine/http/percent.hpp"

namespace patchbay::gateway {

namespace {

std::string decoded(std::string_view text) {
    std::string plain(text);
    std::replace(plain.begin(), plain.end(), '+', ' ');
    return http::percent_decoded(plain);
}

}  // namespace

std::optional<Error> RealtimeQuery::read(std::string_view query) {
    struct Place {
        std::size_t name, name_size, value, value_size;
    };
    std::vector<Place> places;
    body = "{";
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        if (pair.empty()) continue;
        const std::size_t equals = std::min(pair.find('='), pair.size());
        const std::string name = decoded(pair.substr(0, equals));
        const std::string value = decoded(pair.substr(std::min(equals + 1, pair.size())));
        if (!simdjson::validate_utf8(name) || !simdjson::validate_utf8(value)) {
            return bad_request("The query is not UTF-8.");
        }
        if (places.size() >= kMaxParameters) return bad_request("The query is too long.");
        if (name == "model") chat.model = value;
        if (!places.empty()) body += ',';
        Place place{body.size(), 0, 0, 0};
        body += boost::json::serialize(boost::json::string(name));
        place.name_size = body.size() - place.name;
        body += ':';
        place.value = body.size();
        body += boost::json::serialize(boost::json::string(value));
        place.value_size = body.size() - place.value;
        places.push_back(place);
    }
    body += '}';
    chat.body = body;
    for (const Place& place : places) {
        chat.scan.members.push_back({{body.data() + place.name + 1, place.name_size - 2},
                                     {body.data() + place.value, place.value_size},
                                     place.name,
                                     place.value});
    }
    if (chat.model.empty()) {
        Error error = bad_request("A realtime session needs '?model=' in its URL.", "model");
        error.code = "missing_required_parameter";
        return error;
    }
    auto options = read_request_options({chat.scan.members.data(), chat.scan.members.size()});
    if (!options) return options.error();
    chat.options = std::move(*options);
    return std::nullopt;
}

}  // namespace patchbay::gateway
