#include "mutate.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <variant>

#include <boost/json.hpp>

#include "patchbay/provider.h"
#include "settings.hpp"

namespace patchbay::check {
namespace {

namespace json = boost::json;
using transcript::Transcript;
using transcript::Upstream;

std::size_t below(std::mt19937_64& random, std::size_t limit) {
    return static_cast<std::size_t>(random() % limit);
}

// Some value in the document, at random, replaced or removed.
void change_json(json::value& value, std::mt19937_64& random, int depth = 0) {
    constexpr int kDeepest = 30;
    const bool here = depth > kDeepest || below(random, 4) == 0;
    auto* object = value.if_object();
    auto* array = value.if_array();
    if (object && !object->empty() && !here) {
        auto& member =
            *(object->begin() + static_cast<std::ptrdiff_t>(below(random, object->size())));
        if (below(random, 6) == 0) {
            object->erase(object->begin() + (&member - &*object->begin()));
        } else {
            change_json(member.value(), random, depth + 1);
        }
    } else if (array && !array->empty() && !here) {
        change_json((*array)[below(random, array->size())], random, depth + 1);
    } else if (depth > 0 || below(random, 8) == 0) {
        value = odd_value(random);
    } else if (object) {
        (*object)["extra"] = odd_value(random);
    }
}

// One JSON document in `text`: the whole, or the data of one line of a stream.
bool change_document(std::string& text, std::mt19937_64& random) {
    std::vector<std::size_t> starts;
    for (std::size_t at = text.find('{'); at != text.npos; at = text.find("\n", at + 1)) {
        const std::size_t brace = text.find('{', at);
        if (brace == text.npos) break;
        starts.push_back(brace);
    }
    if (starts.empty()) return false;
    const std::size_t start = starts[below(random, starts.size())];
    boost::system::error_code error;
    json::stream_parser parser({}, {.max_depth = 256});
    const std::size_t size = parser.write_some(text.data() + start, text.size() - start, error);
    if (error || !parser.done()) return false;
    json::value value = parser.release();
    for (std::size_t i = 1 + below(random, 3); i > 0; --i) change_json(value, random);
    text.replace(start, size, json::serialize(value));
    return true;
}

}  // namespace

std::size_t upstream_count(const Transcript& transcript) {
    return static_cast<std::size_t>(
        std::count_if(transcript.steps.begin(), transcript.steps.end(),
                      [](const auto& step) { return std::holds_alternative<Upstream>(step); }));
}

const Upstream& upstream_at(const Transcript& transcript, std::size_t index) {
    for (const auto& step : transcript.steps) {
        const auto* upstream = std::get_if<Upstream>(&step);
        if (upstream && index-- == 0) return *upstream;
    }
    throw std::out_of_range("no such upstream answer");
}

Transcript answered_with(const Transcript& original, std::size_t index, const Upstream& answer) {
    constexpr int kMore = 6;
    Transcript result = original;
    result.steps.clear();
    for (const auto& step : original.steps) {
        if (std::holds_alternative<transcript::Expectation>(step)) continue;
        if (std::holds_alternative<Upstream>(step) && index-- == 0) break;
        result.steps.push_back(step);
    }
    for (int i = 0; i <= kMore; ++i) result.steps.emplace_back(answer);
    return result;
}

std::string garbled(std::string text, std::mt19937_64& random) {
    for (std::size_t i = 1 + below(random, 4); i > 0; --i) {
        if (below(random, 3) != 0 && change_document(text, random)) continue;
        if (text.empty()) return std::string(1, static_cast<char>(random()));
        const std::size_t at = below(random, text.size());
        const std::size_t size = std::min<std::size_t>(1 + below(random, 40), text.size() - at);
        switch (below(random, 4)) {
            case 0:
                text[at] = static_cast<char>(random());
                break;
            case 1:
                text.erase(at, size);
                break;
            case 2:
                text.insert(at, text.substr(at, size));
                break;
            default:
                text.insert(at, 1 + below(random, 300), "[{\"0:\xFF"[below(random, 6)]);
        }
    }
    return text;
}

Transcript mutated(const Transcript& original, std::mt19937_64& random) {
    static constexpr std::int32_t kStatuses[] = {200, 200, 200, 201, 204, 301, 400, 401, 403,
                                                 404, 408, 413, 422, 429, 500, 503, 529, 999};
    Transcript result = original;
    std::erase_if(result.steps, [](const auto& step) {
        return std::holds_alternative<transcript::Expectation>(step);
    });
    if (below(random, 3) == 0) {
        boost::system::error_code error;
        json::value request = json::parse(result.request, error, {}, {.max_depth = 256});
        if (!error) {
            change_json(request, random);
            if (request.is_object()) result.request = json::serialize(request);
        }
    }
    if (below(random, 8) == 0) result.flags ^= BAY_REQ_STREAM;
    for (auto& step : result.steps) {
        if (auto* shared = std::get_if<transcript::Shared>(&step)) {
            if (below(random, 4) == 0) shared->value = garbled(shared->value, random);
            continue;
        }
        auto& upstream = std::get<Upstream>(step);
        if (below(random, 4) == 0) upstream.status = kStatuses[below(random, std::size(kStatuses))];
        if (below(random, 6) == 0) {
            upstream.failure = static_cast<std::uint32_t>(below(random, BAY_FAIL_ABORTED + 1));
        }
        if (upstream.status == 0 && upstream.failure == 0) upstream.failure = BAY_FAIL_CONNECT;
        if (below(random, 6) == 0) upstream.headers.clear();
        if (below(random, 6) != 0) upstream.body = garbled(std::move(upstream.body), random);
    }
    return result;
}

}  // namespace patchbay::check
