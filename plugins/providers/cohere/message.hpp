// The parts of Cohere's answers that are the same whole and streamed.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "openai_shared/translated_exchange.hpp"

namespace patchbay::cohere {

/// OpenAI's finish_reason for Cohere's; fails for an answer that the provider gave up (ERROR,
/// TIMEOUT), of which `why` (may be empty) is what it said. An unknown one is "stop".
openai::Read<std::string_view> finish_reason(std::string_view given, std::string_view why);

/// url_citation annotations of Cohere's citations: one for each source, the address "source:" and
/// the source's id. Positions count characters of the content.
void annotate(const boost::json::array& citations, boost::json::array& annotations);

/// Counts of one answer: those of the tokenizer, else those that are billed.
struct Usage {
    std::uint64_t input = 0;
    std::uint64_t output = 0;
    std::uint64_t cached = 0;    ///< part of input
    std::uint64_t searches = 0;  ///< of the web or a connector

    boost::json::object to_openai() const;
    bay_usage to_host() const;
};

/// `usage` of an answer; nothing if it is absent.
std::optional<Usage> read_usage(const boost::json::object* usage);

}  // namespace patchbay::cohere
