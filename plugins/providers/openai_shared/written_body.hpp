// What becomes of a chat request's body, for this folder's tests.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "request.hpp"
#include "test_support.hpp"

namespace patchbay::openai {

struct WrittenBody {
    std::string body;  ///< JSON; empty if the request is refused
    std::optional<Refusal> refusal;
    bay::Dropped dropped;
};

inline WrittenBody write(const Dialect& dialect, const std::string& model, const std::string& json,
                         std::uint32_t flags = 0, std::string_view allowed = {}) {
    Request request(json, model, flags);
    request.event.allowed_params = bay::str(allowed);
    bay::Splice body(request.event);
    WrittenBody written;
    written.refusal = write_body(request.event, dialect, body, &written.dropped);
    if (!written.refusal) {
        written.body = body.text();
        EXPECT_NO_THROW(boost::json::parse(written.body)) << written.body;
    }
    return written;
}

inline Dialect openai() {
    Dialect dialect;
    dialect.provider = "openai";
    dialect.openai_families = true;
    return dialect;
}

inline Dialect groq() {
    Dialect dialect;
    dialect.provider = "groq";
    return dialect;
}

}  // namespace patchbay::openai
