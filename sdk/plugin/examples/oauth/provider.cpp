// A provider whose deployments log in by OAuth 2 client credentials (RFC 6749, section 4.4), for chat
// and embeddings. A deployment says in its litellm_params:
//
//     model: acme_oauth/big-1
//     client_id: gateway
//     client_secret: os.environ/ACME_CLIENT_SECRET
#include <algorithm>
#include <optional>
#include <patchbay/sdk.hpp>
#include <patchbay/sdk/crypto.hpp>

#include <boost/json.hpp>

namespace {

namespace json = boost::json;

constexpr char kTokenUrl[] = "https://login.acme.example/oauth2/token";
/// A token is fetched anew so long before it ends, so that no call goes out with one that ends on the way.
constexpr std::int64_t kEarlyMs = 60'000;
constexpr std::int64_t kLongestMs = 24 * 3'600'000;

json::object parsed(bay_str text) {
    boost::system::error_code failed;
    json::value value = json::parse(bay::sv(text), failed);
    return !failed && value.is_object() ? std::move(value.get_object()) : json::object();
}

std::string text(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

/// What a deployment logs in with.
struct Credentials {
    std::string client_id;
    std::string client_secret;

    explicit Credentials(const bay_target& target) {
        const json::object params = parsed(target.params);
        client_id = text(params, "client_id");
        client_secret = text(params, "client_secret");
    }
    bool complete() const { return !client_id.empty() && !client_secret.empty(); }
    /// Names the token: all that it is made of, and of the secret a digest. Two deployments with the
    /// same credentials share a token, two with different ones never do.
    std::string key(const bay::Crypto& crypto) const {
        const bay::Digest digest = crypto.sha256(client_id + '\n' + client_secret);
        return "token:" + bay::hex(bay::bytes_of(digest));
    }
};

bay_status fail_with(const bay_ev_http& answer, std::string_view what, bay::Out out) {
    bay::Error error;
    error.cls = answer.failure ? bay::class_of_failure(answer.failure)
                               : bay::class_of_status(answer.status);
    error.message = what;
    error.upstream_status = answer.status;
    error.upstream_body = bay::sv(answer.data);
    error.retry_after_ms =
        bay::retry_after_ms(answer.headers, answer.header_count, bay::Host::unix_ms());
    return out.fail(error);
}

/// Fetches a token for everybody who waits for it.
class Token : public bay::Exchange {
  public:
    explicit Token(const bay::Crypto* /*crypto*/) {}

    bay_status on_refresh(const bay_ev_refresh& refresh, bay::Out out) override {
        if (!refresh.target) return out.fail(BAY_ERR_AUTH, "nobody says whose token is wanted");
        const Credentials credentials(*refresh.target);
        bay::HttpRequest call("POST", kTokenUrl);
        call.header("content-type", "application/x-www-form-urlencoded");
        call.header("accept", "application/json");
        return call
            .body("grant_type=client_credentials&client_id=" +
                  bay::percent_encoded(credentials.client_id) +
                  "&client_secret=" + bay::percent_encoded(credentials.client_secret))
            .send(out);
    }

    bay_status on_http_done(const bay_ev_http& answer, bay::Out out) override {
        if (answer.failure || answer.status / 100 != 2) {
            // Without the body: token servers repeat what they were sent. To everybody who waits
            // it says whether the credentials are wrong or the server is down.
            bay::Error error;
            error.cls = answer.failure         ? bay::class_of_failure(answer.failure)
                        : answer.status == 400 ? std::uint32_t{BAY_ERR_AUTH}  // "invalid_client"
                                               : bay::class_of_status(answer.status);
            error.message = "the token server gave no token";
            error.upstream_status = answer.status;
            error.retry_after_ms =
                bay::retry_after_ms(answer.headers, answer.header_count, bay::Host::unix_ms());
            return out.fail(error);
        }
        const json::object told = parsed(answer.data);
        const std::string token = text(told, "access_token");
        const json::value* lives = told.if_contains("expires_in");
        boost::system::error_code failed;
        const auto seconds =
            lives && lives->is_number() ? lives->to_number<std::int64_t>(failed) : 0;
        if (token.empty() || failed || seconds <= 0) {
            return out.fail(BAY_ERR_AUTH,
                            "the token server's answer holds no token with a lifetime");
        }
        const std::int64_t whole = std::min(seconds, kLongestMs / 1000) * 1000;
        // A short-lived token keeps half of its time.
        const std::int64_t kept = std::max(whole - kEarlyMs, whole / 2);
        return out.shared_put(token, static_cast<std::uint32_t>(kept));
    }
};

/// One call in OpenAI's API: the token first, then the request, whose answer passes through.
class Call : public bay::Exchange {
  public:
    Call(const bay::Crypto* crypto, std::string_view path) : crypto_(*crypto), path_(path) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override {
        const Credentials credentials(*request.target);
        if (!credentials.complete()) {
            return out.fail(BAY_ERR_AUTH, "litellm_params needs client_id and client_secret");
        }
        // What is needed after this function, as the event is gone then.
        url_ = std::string(bay::sv(request.target->base_url)).append(path_);
        stream_ = request.flags & BAY_REQ_STREAM;
        body_.emplace(request);
        body_->set("model", bay::json_quote(bay::sv(request.target->model)));
        if (stream_ && request.flags & BAY_REQ_WANT_USAGE) {
            body_->set("stream_options", R"({"include_usage":true})");
        }
        segments_ = body_->segments();
        key_ = credentials.key(crypto_);
        return out.shared_get(key_);
    }

    bay_status on_shared(const bay_ev_shared& shared, bay::Out out) override {
        if (shared.status != BAY_OK) return out.fail(bay::error_of(shared));
        token_ = bay::sv(shared.value);
        bay::HttpRequest call("POST", url_);
        call.call(++calls_).header("content-type", "application/json").bearer(token_);
        call.decode(stream_ ? BAY_DECODE_SSE : BAY_DECODE_BUFFER).body(segments_);
        return call.send(out);
    }

    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override {
        return head.status / 100 == 2 ? out.pass_through(head.call) : bay_status{BAY_OK};
    }

    /// While the answer passes through, only frames that are errors come here.
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override {
        return fail_with(frame, "the stream broke", out);
    }

    bay_status on_http_done(const bay_ev_http& answer, bay::Out out) override {
        if (!answer.failure && answer.status / 100 == 2) return out.done();
        // The token was revoked. Dropped by its value, so that a newer one stays; once.
        if (answer.status == 401 && calls_ == 1) {
            out.shared_drop(key_, token_);
            return out.shared_get(key_);
        }
        return fail_with(answer, "the provider gave no answer", out);
    }

  private:
    const bay::Crypto& crypto_;
    std::string_view path_;
    std::string url_, key_, token_;
    std::optional<bay::Splice> body_;  // the segments point into it
    std::vector<bay_seg> segments_;
    std::uint32_t calls_ = 0;
    bool stream_ = false;
};

std::unique_ptr<bay::Exchange> make_call(const bay::Crypto* const& crypto, std::string_view id) {
    return std::make_unique<Call>(crypto,
                                  id == BAY_OP_EMBEDDINGS ? "/embeddings" : "/chat/completions");
}

constexpr bay::Operation<const bay::Crypto*> kOperations[] = {
    {BAY_OP_CHAT_COMPLETIONS, make_call},
    {BAY_OP_EMBEDDINGS, make_call},
    {"", bay::make_machine<Token>},  // shared values
};

class Acme : public bay::Provider {
  public:
    static constexpr char id[] = "acme_oauth";
    Acme(std::string_view /*config*/, bay::Diag& diag)
        : crypto_(bay::Crypto::find(diag, bay::Crypto::Need::digests)) {}
    std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
        return std::make_unique<bay::ByOperation<const bay::Crypto*>>(kOperations, &*crypto_, id);
    }

  private:
    std::optional<bay::Crypto> crypto_;  // empty: the host does not use this instance
};

}  // namespace

BAY_PLUGIN(bay::Providers<Acme>)
