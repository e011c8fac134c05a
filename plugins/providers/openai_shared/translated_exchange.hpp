// The machine of one request to a provider whose API is its own: one call, whose answer is read
// whole or event by event and given in OpenAI's shape.
//
//     REQUEST -> one upstream call -> frames -> chunks -> DONE -> done()
//                                             whole -> DONE -> result()
//
// Where a token authorizes the call it is asked for first, and once more after a 401 (oauth/access.hpp).
//
// A plugin says three things: where the request goes, what it is, and how an answer is read
// (AnswerReader). Keys, headers, errors and the ends of streams are the same for all; how a stream
// may end: docs/streams.md.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/system/result.hpp>

#include "chat/told_pictures.hpp"
#include "dialect.hpp"
#include "failure/failure.hpp"
#include "oauth/access.hpp"
#include "patchbay/sdk/dropped.hpp"
#include "patchbay/sdk/http_request.hpp"
#include "patchbay/sdk/machine.hpp"
#include "request.hpp"

namespace patchbay::openai {

template <class T>
using Read = boost::system::result<T, shared::Failure>;

/// Reads the answer to one request; its documents are JSON objects without an "error"
/// (or lists).
class AnswerReader {
  public:
    virtual ~AnswerReader() = default;

    /// The JSON text of a frame, for streams that wrap it; empty if the frame says nothing.
    virtual std::string_view document_of(std::string_view frame) const { return frame; }
    /// True if `document`, which came where an event was expected, is a whole answer.
    virtual bool is_whole(const boost::json::object& document) const = 0;
    /// A whole answer in OpenAI's shape; sets the usage.
    virtual Read<boost::json::object> whole(const boost::json::object& document) = 0;
    /// The same for an API whose answers are lists; one of an object is none.
    virtual Read<boost::json::object> list(const boost::json::array& document);
    /// One event of a stream: appends the chunks it makes. The usage is set when it is told.
    virtual Read<void> event(const boost::json::object& document,
                             std::vector<std::string>& chunks) = 0;
    /// The same for an API of which events are lists; one of objects has none.
    virtual Read<void> list_event(const boost::json::array& document,
                                  std::vector<std::string>& chunks);
    /// True if the stream has told its end.
    virtual bool complete() const = 0;
    /// The stream is over, without a fault and without having told its end. True if that is the end of
    /// an answer of this API; appends the chunks that are left.
    virtual bool ends(std::vector<std::string>& chunks);
    /// What is known of the usage.
    const std::optional<bay_usage>& usage() const { return usage_; }

  protected:
    std::optional<bay_usage> usage_;
};

/// Of an API whose answers to the operation are whole and never a stream.
class WholeReader : public AnswerReader {
  public:
    bool is_whole(const boost::json::object&) const final { return true; }
    Read<void> event(const boost::json::object&, std::vector<std::string>&) final { return {}; }
    bool complete() const final { return false; }
};

/// A request as it is sent, and who reads the answer.
struct Translated {
    std::string url;
    std::string body;
    std::unique_ptr<AnswerReader> reader;
    bay::Dropped dropped{};  ///< what is not sent although it says something
};

/// [exchange]
class TranslatedExchange : public bay::Exchange {
  public:
    /// `dialect` must outlive it. `decode`: BAY_DECODE_* of a stream.
    TranslatedExchange(const Dialect& dialect, std::uint32_t decode)
        : dialect_(dialect), decode_(decode) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_shared(const bay_ev_shared& shared, bay::Out out) override;
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override;
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override;

  protected:
    /// `address`: the site's, else the deployment's, else the dialect's, without slashes at its end.
    virtual Written<Translated> translate(const bay_ev_request& request,
                                          std::string_view address) const = 0;
    /// Of the body that translate() makes.
    virtual std::string content_type() const { return "application/json"; }
    /// Makes the call, at once or when it is authorized, of what translate() gave. The last thing of
    /// on_request().
    virtual bay_status start(const bay_ev_request& request, bay::Out out);
    /// Makes the call of start(), whose authorization is known by now.
    virtual bay_status send(bay::Out out);
    /// True if the call that ended so is made once more, with another authorization.
    virtual bool renews(const bay_ev_http& done, bay::Out out);
    /// What a call ended with that gave no answer: no connection, or a status that is not 2xx.
    shared::Failure failure_of(const bay_ev_http& done) const;
    /// The usage, as far as it is known, and `chunks_`, which the reader has filled.
    bay_status tell_chunks(bay::Out out);

    bay_status refuse_request(const Refusal& refusal, bay::Out out);
    /// Ends the exchange with this failure.
    bay_status fail(const shared::Failure& failure, bay::Out out);

    const Dialect& dialect_;
    Translated translated_;  ///< what is sent; its reader is in use
    bool streamed_ = false;
    std::optional<shared::PictureAudience> pictures_;  ///< of a request for pictures
    bool finished_ = false;                            ///< fail(), done() or result() was called
    shared::Access access_;                            ///< of a site; else the call has its key
    std::uint32_t calls_ = 0;                          ///< the number of the last one
    std::vector<std::string> chunks_;

  private:
    bay_status whole_as_stream(const boost::json::object& document, bay::Out out);
    bay_status whole_answer(const bay_ev_http& done, bay::Out out);
    bay_status tell_usage(bay::Out out);

    std::uint32_t decode_;
    std::optional<bay::HttpRequest> call_;  ///< without its body and what `access_` adds
    bool answered_whole_ = false;  ///< a stream was asked for, and one document was the answer
};

/// An address without slashes at its end and without the first of `endings` that it ends in, which
/// is what operators copy from documentation: "https://host/api/chat" -> "https://host".
std::string_view without_endings(std::string_view address,
                                 std::initializer_list<std::string_view> endings);

/// A 2xx answer that is not the provider's API.
shared::Failure unreadable(std::string_view provider, std::string_view what);

}  // namespace patchbay::openai
