#include "session_exchange.hpp"

#include <algorithm>
#include <patchbay/sdk.hpp>

namespace patchbay::aws {

namespace {

constexpr std::string_view kTokenPath = "/latest/api/token";
constexpr std::string_view kRolePath = "/latest/meta-data/iam/security-credentials/";
constexpr std::string_view kTokenSeconds = "21600";  // the longest that IMDSv2 gives
constexpr std::uint64_t kLargestBody = 32 * 1024;
// A machine without a metadata service does not refuse the connection; nobody is to wait long for that.
constexpr std::uint32_t kMetadataMs = 5000;

bool is_token(std::string_view word) {
    return !word.empty() && word.size() <= 1024 &&
           std::all_of(word.begin(), word.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

// Without what was answered: it may repeat what was sent.
Failure not_given(const bay_ev_http& done, std::string_view who) {
    Failure failure;
    const bool refusal = done.status == 400 || done.status == 404;
    failure.cls = done.failure != BAY_FAIL_NONE   ? bay::class_of_failure(done.failure)
                  : refusal || done.status == 403 ? std::uint32_t{BAY_ERR_AUTH}
                                                  : bay::class_of_status(done.status);
    failure.message = who;
    failure.message += " gave no credentials";
    failure.upstream_status = done.status;
    failure.retry_after_ms =
        bay::retry_after_ms(done.headers, done.header_count, bay::Host::unix_ms());
    return failure;
}

}  // namespace

bay_status SessionExchange::fetch(const Result<Credentials>& credentials, bay::Out out) {
    if (!credentials) return report(credentials.error(), out);
    credentials_ = *credentials;
    if (!credentials_.by_machine()) return ask_role(credentials_.keys(), out);
    if (machine_.container_url.empty()) {
        bay::HttpRequest call("PUT", machine_.metadata_url + std::string(kTokenPath));
        call.header("x-aws-ec2-metadata-token-ttl-seconds", kTokenSeconds);
        call.timeouts(kMetadataMs, kMetadataMs);
        return send(call, Step::metadata_token, out);
    }
    bay::HttpRequest call("GET", machine_.container_url);
    if (!machine_.container_token.empty()) call.header("authorization", machine_.container_token);
    return send(call, Step::container, out);
}

bay_status SessionExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    const auto data = bay::sv(done.data);
    const bool given = done.failure == BAY_FAIL_NONE && done.status / 100 == 2;
    switch (step_) {
        case Step::container:
            if (!given) return report(not_given(done, "the container's credential endpoint"), out);
            return have_machine(read_credentials(data), out);
        case Step::metadata_token:
            metadata_token_ = data;
            if (!given || !is_token(metadata_token_)) {
                return report(not_given(done, "the machine's metadata service"), out);
            }
            return ask_metadata(Step::metadata_role, kRolePath, out);
        case Step::metadata_role:
            metadata_role_ = data.substr(0, data.find_first_of("\r\n"));
            if (!given || !is_token(metadata_role_)) {
                return report(not_given(done, "the machine has no role, and its metadata service"),
                              out);
            }
            return ask_metadata(Step::metadata_keys,
                                std::string(kRolePath) + bay::percent_encoded(metadata_role_), out);
        case Step::metadata_keys:
            if (!given) return report(not_given(done, "the machine's metadata service"), out);
            return have_machine(read_credentials(data), out);
        case Step::role:
            break;
    }
    if (given) return share(read_assumed_role(data), out);
    auto failure = not_given(done, "AWS STS");
    if (const auto code = error_code(data); !code.empty()) failure.message += ": " + code;
    return report(failure, out);
}

bay_status SessionExchange::ask_metadata(Step step, std::string_view path, bay::Out out) {
    bay::HttpRequest call("GET", machine_.metadata_url + std::string(path));
    call.header("x-aws-ec2-metadata-token", metadata_token_).timeouts(kMetadataMs, kMetadataMs);
    return send(call, step, out);
}

bay_status SessionExchange::have_machine(const Result<EndingSession>& fetched, bay::Out out) {
    const bool role = credentials_.source() == Credentials::Source::role;
    return fetched && role ? ask_role(fetched->session, out) : share(fetched, out);
}

bay_status SessionExchange::ask_role(const Session& by, bay::Out out) {
    const std::string url = credentials_.sts_url();
    const std::string form = assume_role_form(credentials_.role());
    const std::string region = credentials_.sts_region();
    constexpr std::string_view kType = "application/x-www-form-urlencoded";
    bay::HttpRequest call("POST", url);
    call.header("content-type", kType);
    if (credentials_.source() == Credentials::Source::role) {
        const bay::AwsRequest request{"POST", url, {{"content-type", kType}}, crypto_.sha256(form)};
        for (const auto& [name, value] :
             bay::sigv4(crypto_, by.keys(), {region, "sts"}, bay::Host::unix_ms(), request)) {
            call.header(name, value);
        }
    }
    call.body(form);
    return send(call, Step::role, out);
}

bay_status SessionExchange::share(const Result<EndingSession>& fetched, bay::Out out) {
    if (!fetched) return report(fetched.error(), out);
    const auto ttl = ttl_ms(fetched->ends_ms, bay::Host::unix_ms());
    if (ttl == 0) return report(refused("the credentials that were given have ended"), out);
    return out.shared_put(shared_value(fetched->session), ttl);
}

bay_status SessionExchange::send(bay::HttpRequest& call, Step step, bay::Out out) {
    step_ = step;
    call.call(++calls_).max_body(kLargestBody);
    return call.send(out);
}

}  // namespace patchbay::aws
