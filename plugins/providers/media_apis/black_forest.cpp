// SPDX-License-Identifier: Apache-2.0
#include "black_forest.hpp"

#include <algorithm>
#include <patchbay/sdk.hpp>
#include <span>
#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "openai_shared/errors.hpp"
#include "openai_shared/refusal.hpp"
#include "patchbay/operations.h"
#include "patchbay/sdk/percent.hpp"

namespace patchbay::media_apis {

namespace json = boost::json;

namespace {

constexpr std::uint32_t kMostLooks = 62;  // a host makes 64 calls of an exchange
constexpr std::string_view kHost = ".bfl.ai";

bool takes_ratio(std::string_view model) {
    return model.find("ultra") != std::string_view::npos ||
           model.find("kontext") != std::string_view::npos;
}

std::string_view base_of(const bay_ev_request& request, const openai::Dialect& dialect,
                         std::string_view path) {
    std::string_view base = bay::sv(request.target->base_url);
    if (base.empty()) base = dialect.base_url;
    return openai::without_endings(base, {path, "/v1"});
}

}  // namespace

openai::Dialect black_forest_dialect() {
    openai::Dialect dialect;
    dialect.provider = "black_forest_labs";
    dialect.base_url = "https://api.bfl.ai";
    dialect.key_names = {"BFL_API_KEY"};
    dialect.bearer = false;
    dialect.headers = {{"x-key", "{api_key}"}, {"accept", "application/json"}};
    dialect.operations = {{BAY_OP_IMAGES_GENERATE, {}, openai::openais_own()}};
    dialect.operations.front().unsupported.emplace_back("n");
    return dialect;
}

json::object black_forest_body(std::string_view model, openai::Pictures pictures) {
    json::object body = std::move(pictures.others);
    body["prompt"] = std::move(pictures.prompt);
    body.emplace("output_format", "png");
    if (pictures.size && takes_ratio(model)) {
        body.emplace("aspect_ratio", shared::aspect_ratio(*pictures.size));
    } else if (pictures.size) {
        body.emplace("width", pictures.size->width);
        body.emplace("height", pictures.size->height);
    }
    return body;
}

std::string result_url(std::string_view base, std::string_view polling_url, std::string_view id) {
    const std::string_view host = openai::origin_of(base);
    if (host.ends_with(kHost) && openai::origin_of(polling_url).ends_with(kHost)) {
        return std::string(polling_url);
    }
    return std::string(base).append("/v1/get_result?id=").append(bay::percent_encoded(id));
}

std::uint32_t look_pause_ms(std::uint32_t asked) {
    constexpr std::uint32_t kShort = 500, kLong = 10'000, kOften = 20;
    if (asked <= kOften) return kShort;
    return std::min(kLong, kShort * (asked - kOften + 1));
}

bay_status BlackForestExchange::on_request(const bay_ev_request& request, bay::Out out) {
    const auto refuse = [&](const openai::Refusal& why) {
        finished_ = true;
        return openai::refuse(why.cls, why.message, why.param, out);
    };
    audience_ = shared::PictureAudience::of(request);
    auto headers = openai::request_headers(request, dialect_, "application/json");
    if (!headers) return refuse({BAY_ERR_AUTH, openai::missing_key_message(dialect_), {}});
    headers_ = std::move(*headers);
    auto pictures = openai::read_pictures(request, dialect_);
    if (!pictures) return refuse(pictures.error());
    if (pictures->base64) {
        return refuse({BAY_ERR_UNSUPPORTED,
                       "response_format: Black Forest Labs answers with addresses",
                       "response_format"});
    }
    pictures->dropped.tell(out);
    const std::string_view model = bay::sv(request.target->model);
    const std::string path = "/v1/" + bay::percent_encoded(model, "/");
    base_ = base_of(request, dialect_, path);
    const std::string body = shared::to_text(black_forest_body(model, std::move(*pictures)));
    return call("POST", base_ + path).body_view(body).send(out);
}

bay::HttpRequest BlackForestExchange::call(std::string_view method, std::string_view url) {
    bay::HttpRequest made(method, url);
    made.call(++calls_).flags(BAY_HTTP_MAIN);
    for (const auto& [name, value] : headers_) made.header(name, value);
    return made;
}

bay_status BlackForestExchange::on_timer(const bay_ev_timer&, bay::Out out) {
    return finished_ ? bay_status{BAY_OK} : call("GET", result_url_).send(out);
}

bay_status BlackForestExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    if (finished_) return BAY_OK;
    const std::string_view data = bay::sv(done.data);
    if (done.failure != BAY_FAIL_NONE) {
        return fail(openai::transport_error(done.failure, done.status, bay::sv(done.error)), out);
    }
    if (done.status / 100 != 2) {
        const std::span<const bay_kv> headers(done.headers, done.header_count);
        return fail(
            openai::openai_error(dialect_.errors, done.status, headers, data, bay::Host::unix_ms()),
            out);
    }
    const auto parsed = shared::parse_json(data);
    const json::object* const told = parsed ? parsed->if_object() : nullptr;
    const std::string_view id = shared::text(told, "id");
    if (id.empty()) {
        return fail(
            openai::unreadable_answer(done.status, data, "Black Forest Labs' answer is not a task"),
            out);
    }
    if (!result_url_.empty()) return take(*told, done, out);
    result_url_ = result_url(base_, shared::text(told, "polling_url"), id);
    ++looks_;
    return out.timer(looks_, look_pause_ms(looks_));
}

bay_status BlackForestExchange::take(const json::object& told, const bay_ev_http& done,
                                     bay::Out out) {
    const std::string_view status = shared::text(told, "status");
    const std::string_view sample = shared::text(shared::find_object(told, "result"), "sample");
    if (status == "Ready" && !sample.empty()) {
        finished_ = true;
        json::array data;
        data.push_back(openai::picture_at(sample));
        return shared::tell_picture_list(shared::to_text(openai::picture_list(std::move(data))),
                                         audience_, out);
    }
    const bool waits = status == "Pending" || status == "Queued" || status == "Processing";
    if (waits && ++looks_ <= kMostLooks) return out.timer(looks_, look_pause_ms(looks_));
    shared::Failure failure;
    failure.upstream_status = done.status;
    failure.upstream_body = bay::sv(done.data);
    failure.message = "Image generation failed: ";
    failure.message.append(status);
    if (waits) {
        failure.cls = BAY_ERR_TIMEOUT;
        failure.message = "the picture is not ready after as many looks as one may have";
    } else if (status.ends_with("Moderated")) {
        failure.cls = BAY_ERR_CONTENT_POLICY;
    }
    return fail(failure, out);
}

bay_status BlackForestExchange::fail(const shared::Failure& failure, bay::Out out) {
    finished_ = true;
    return report(failure, out);
}

}  // namespace patchbay::media_apis
