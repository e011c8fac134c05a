#include "engine/surface/openai/realtime_query.hpp"

#include <algorithm>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <simdjson.h>

#include "contract/http/percent.hpp"

namespace patchbay {

namespace {

std::string decoded(std::string_view text) {
    std::string plain(text);
    std::replace(plain.begin(), plain.end(), '+', ' ');
    return http::percent_decoded(plain);
}

}  // namespace

std::optional<Error> read_realtime_query(const AskParts& parts, Ask& ask) {
    std::string_view query = parts.query;
    std::string& body = ask.own;
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
        if (places.size() >= kMaxRealtimeParameters) return bad_request("The query is too long.");
        if (name == "model") ask.model = value;
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
    ask.body = body;
    for (const Place& place : places) {
        ask.scan.members.push_back({{body.data() + place.name + 1, place.name_size - 2},
                                    {body.data() + place.value, place.value_size},
                                    place.name,
                                    place.value});
    }
    if (ask.model.empty()) {
        Error error = bad_request("A realtime session needs '?model=' in its URL.", "model");
        error.code = "missing_required_parameter";
        return error;
    }
    auto options = read_request_options(ask.members());
    if (!options) return options.error();
    ask.options = std::move(*options);
    return std::nullopt;
}

}  // namespace patchbay
