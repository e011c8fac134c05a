#include "shared/driver.hpp"

#include <boost/json/parse.hpp>
#include <openssl/sha.h>

#include "patchbay/ext/crypto.h"

namespace patchbay::sink {

namespace {

std::vector<std::string>& lines() {
    static std::vector<std::string> kept;
    return kept;
}

void sha256(bay_str in, std::uint8_t out[32]) noexcept {
    SHA256(reinterpret_cast<const unsigned char*>(in.ptr), in.len, out);
}

const void* extension(const bay_host*, const char* id) noexcept {
    static const bay_crypto crypto{sizeof(bay_crypto), 0, sha256, nullptr, nullptr, nullptr};
    return std::string_view(id) == BAY_EXT_CRYPTO ? &crypto : nullptr;
}

void keep_line(const bay_host*, std::uint32_t, bay_str message) noexcept {
    lines().emplace_back(bay::sv(message));
}

std::uint32_t log_level(const bay_host*) noexcept {
    return BAY_LOG_TRACE;
}

std::int64_t unix_ms(const bay_host*) noexcept {
    return 1'700'000'000'000;
}

void no_random(const bay_host*, void*, std::size_t) noexcept {}

}  // namespace

struct Driver::Out {
    static Driver& of(bay_out* out) { return *static_cast<Driver*>(out->ctx); }

    static bay_status http(bay_out* out, const bay_http_req* request) noexcept {
        Call call;
        call.number = request->call;
        call.method = bay::sv(request->method);
        call.url = bay::sv(request->url);
        for (std::uint64_t i = 0; i < request->header_count; ++i) {
            call.headers[std::string(bay::sv(request->headers[i].name))] =
                bay::sv(request->headers[i].value);
        }
        for (std::uint64_t i = 0; i < request->body_count; ++i) {
            call.body += bay::sv(request->body[i].bytes);
        }
        of(out).calls_.push_back(std::move(call));
        return BAY_OK;
    }
    static bay_status fail(bay_out* out, const bay_error* error) noexcept {
        of(out).failure_ = {error->cls, error->upstream_status, error->retry_after_ms,
                            std::string(bay::sv(error->message))};
        return BAY_OK;
    }
    static bay_status done(bay_out* out) noexcept {
        of(out).done_ = true;
        return BAY_OK;
    }
    static bay_status retry(bay_out* out, const std::uint32_t* index,
                            std::uint64_t count) noexcept {
        of(out).again_.assign(index, index + count);
        return BAY_OK;
    }
};

boost::json::value Driver::Call::json() const {
    return boost::json::parse(body);
}

const std::vector<std::string>& Driver::log() {
    return lines();
}

void Driver::install_host() {
    static const bay_host host{sizeof(bay_host), BAY_ABI_MINOR, nullptr,   bay::str("test"),
                               bay::str("0.0"),  extension,     keep_line, log_level,
                               unix_ms,          no_random};
    bay::Host::raw() = &host;
    lines().clear();
}

Driver::Driver(bay::Logger& logger) {
    install_host();
    table_.size = sizeof table_;
    table_.ctx = this;
    table_.http = Out::http;
    table_.fail = Out::fail;
    table_.done = Out::done;
    table_.retry_records = Out::retry;
    bay_open_info info{};
    info.size = sizeof info;
    machine_ = logger.open(info);
}

bay_status Driver::batch(const std::vector<Given>& records) {
    std::vector<bay_record> views;
    for (const Given& given : records) {
        const std::uint32_t type = given.failed ? BAY_RECORD_FAILURE : BAY_RECORD_SUCCESS;
        views.push_back({sizeof(bay_record), type, views.size() + 1, given.unix_ms,
                         bay::str(given.id), bay::str(given.json)});
    }
    std::vector<const bay_record*> pointers;
    for (const bay_record& view : views) pointers.push_back(&view);
    bay_ev_batch event{};
    event.h = {sizeof event, BAY_EV_BATCH};
    event.attempt = 1;
    event.records = pointers.data();
    event.record_count = pointers.size();
    return bay::dispatch(*machine_, &event.h, bay::Out(&table_));
}

bay_status Driver::answer(std::size_t call, std::int32_t status, const std::string& body,
                          const std::map<std::string, std::string>& headers) {
    std::vector<bay_kv> pairs;
    for (const auto& [name, value] : headers) pairs.push_back({bay::str(name), bay::str(value)});
    bay_ev_http event{};
    event.h = {sizeof event, BAY_EV_HTTP_DONE};
    event.call = calls_.at(call).number;
    event.status = status;
    event.headers = pairs.data();
    event.header_count = pairs.size();
    event.data = bay::str(body);
    return bay::dispatch(*machine_, &event.h, bay::Out(&table_));
}

bay_status Driver::broken(std::size_t call, std::uint32_t failure) {
    bay_ev_http event{};
    event.h = {sizeof event, BAY_EV_HTTP_DONE};
    event.call = calls_.at(call).number;
    event.failure = failure;
    event.error = bay::str("connection refused");
    return bay::dispatch(*machine_, &event.h, bay::Out(&table_));
}

Reports::Reports() : diag_(&table_) {
    table_.size = sizeof table_;
    table_.ctx = this;
    table_.report = [](bay_diag* diag, std::uint32_t, bay_str pointer, bay_str message) noexcept {
        static_cast<Reports*>(diag->ctx)->errors_.push_back(std::string(bay::sv(pointer)) + ": " +
                                                            std::string(bay::sv(message)));
    };
}

}  // namespace patchbay::sink
