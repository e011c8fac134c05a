// What a request says about its own record: tags, trace, session, end user and the like, in its
// headers and in its body.
//
// Many clients can set headers but no body, others a body but no headers, so nearly everything can
// be said in several places; the tables in requester.cpp say which, and which goes first. Names and
// places are LiteLLM's.
#pragma once

#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace patchbay {

/// All that is known of it. What nobody said is null or empty.
struct Requester {
    boost::json::object metadata;  ///< the request's `metadata`, with what `langfuse_*` headers add
    boost::json::value trace_id;
    boost::json::value end_user;
    boost::json::value spend_logs_metadata;
    boost::json::array tags;  ///< texts, each once, in the order of the places
    /// Headers and members that speak of the record and were not taken: no text, too long, no JSON
    /// where it must be, or with control characters.
    boost::json::array ignored;
};

/// A label is no longer than this many bytes, and there are no more than this many tags.
inline constexpr std::size_t kMaxLabel = 1024;
inline constexpr std::size_t kMaxTags = 128;

/// True if a request header of this name speaks of the record; any case.
bool is_record_header(std::string_view name);

/// True for the top-level members of a request that speak of its record.
bool is_record_member(std::string_view name);

/// `headers` is a list of [name, value], those for which is_record_header() is true, in valid
/// UTF-8; `request` is the body, or nullptr. Values of secret names are hidden.
Requester read_requester(const boost::json::object* request, const boost::json::array& headers);

}  // namespace patchbay
