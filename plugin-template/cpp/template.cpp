// A provider for an endpoint that speaks OpenAI's chat API. The client's request goes on as it
// came, with another model name in it, and the answer comes back as it is: the host moves the
// bytes, and this file only says where to and what went wrong.
#include <patchbay/sdk.hpp>

#include <boost/json.hpp>

namespace {

/// The message of an OpenAI-shaped error document, or the fallback.
std::string error_message(std::string_view body, std::string fallback) {
    boost::system::error_code failed;
    const boost::json::value document = boost::json::parse(body, failed);
    if (failed) return fallback;
    const boost::json::value* message = document.find_pointer("/error/message", failed);
    return message && message->is_string() ? std::string(message->get_string()) : fallback;
}

/// One chat request: one call, whose answer is passed through.
class Chat : public bay::Exchange {
  public:
    bay_status on_request(const bay_ev_request& request, bay::Out out) override {
        if (bay::sv(request.operation) != "chat.completions") {
            return out.fail(BAY_ERR_UNSUPPORTED, "this provider only does chat.completions");
        }
        const bool stream = request.flags & BAY_REQ_STREAM;
        bay::Splice body(request);
        body.set("model", bay::json_quote(bay::sv(request.target->model)));
        if (stream && request.flags & BAY_REQ_WANT_USAGE) {
            body.set("stream_options", R"({"include_usage":true})");
        }
        bay::HttpRequest call("POST",
                              std::string(bay::sv(request.target->base_url)) + "/chat/completions");
        call.header("content-type", "application/json").bearer(bay::sv(request.target->api_key));
        call.decode(stream ? BAY_DECODE_SSE : BAY_DECODE_BUFFER).body(body.segments());
        return call.send(out);
    }

    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override {
        return head.status / 100 == 2 ? out.pass_through(head.call) : bay_status{BAY_OK};
    }

    /// While the answer is passed through, only frames with an "error" come here.
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override {
        return out.fail(BAY_ERR_UPSTREAM, error_message(bay::sv(frame.data), "the stream broke"),
                        frame.status, bay::sv(frame.data));
    }

    bay_status on_http_done(const bay_ev_http& answer, bay::Out out) override {
        if (answer.failure) {
            return out.fail(bay::class_of_failure(answer.failure),
                            "the provider could not be reached", answer.status);
        }
        if (answer.status / 100 == 2) return out.done();
        const auto fallback = "the provider answered " + std::to_string(answer.status);
        return out.fail(bay::class_of_status(answer.status),
                        error_message(bay::sv(answer.data), fallback), answer.status,
                        bay::sv(answer.data));
    }
};

class Template : public bay::Provider {
  public:
    static constexpr char id[] = "template";
    Template(std::string_view /*config*/, bay::Diag& /*diag*/) {}
    std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
        return std::make_unique<Chat>();
    }
};

}  // namespace

BAY_PLUGIN(bay::Providers<Template>)
