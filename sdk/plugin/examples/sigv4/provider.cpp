// A provider that signs its calls with AWS Signature Version 4: Bedrock's endpoint in OpenAI's shape.
// Keys and region stand in a deployment's litellm_params, under LiteLLM's names.
#include <optional>
#include <patchbay/sdk.hpp>
#include <patchbay/sdk/sigv4.hpp>

#include <boost/json.hpp>

namespace {

namespace json = boost::json;

std::string text(const json::value& object, std::string_view name, std::string fallback = {}) {
    const json::value* value = object.is_object() ? object.get_object().if_contains(name) : nullptr;
    return value && value->is_string() ? std::string(value->get_string()) : std::move(fallback);
}

class Chat : public bay::Exchange {
  public:
    explicit Chat(const bay::Crypto& crypto) : crypto_(crypto) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override {
        boost::system::error_code failed;
        const json::value params = json::parse(bay::sv(request.target->params), failed);
        const std::string id = text(params, "aws_access_key_id");
        const std::string secret = text(params, "aws_secret_access_key");
        const std::string session = text(params, "aws_session_token");
        const std::string region = text(params, "aws_region_name", "us-east-1");
        if (id.empty() || secret.empty()) {
            return out.fail(BAY_ERR_AUTH,
                            "litellm_params needs aws_access_key_id and aws_secret_access_key");
        }

        bay::Splice body(request);
        body.set("model", bay::json_quote(bay::sv(request.target->model)));
        const std::string bytes = body.text();
        const std::string url =
            std::string(bay::sv(request.target->base_url)) + "/openai/v1/chat/completions";

        bay::AwsRequest signed_request;
        signed_request.method = "POST";
        signed_request.url = url;
        signed_request.headers = {{"content-type", "application/json"}};
        signed_request.payload = crypto_.sha256(bytes);
        bay::HttpRequest call("POST", url);
        call.header("content-type", "application/json");
        for (const auto& [name, value] :
             bay::sigv4(crypto_, {id, secret, session}, {region, "bedrock"}, bay::Host::unix_ms(),
                        signed_request)) {
            call.header(name, value);
        }
        const bool stream = request.flags & BAY_REQ_STREAM;
        return call.decode(stream ? BAY_DECODE_SSE : BAY_DECODE_BUFFER).body(bytes).send(out);
    }

    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override {
        return head.status / 100 == 2 ? out.pass_through(head.call) : bay_status{BAY_OK};
    }
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override {
        return out.fail(BAY_ERR_UPSTREAM, "the stream broke", frame.status, bay::sv(frame.data));
    }
    bay_status on_http_done(const bay_ev_http& answer, bay::Out out) override {
        if (!answer.failure && answer.status / 100 == 2) return out.done();
        return out.fail(answer.failure ? bay::class_of_failure(answer.failure)
                                       : bay::class_of_status(answer.status),
                        "the provider gave no answer", answer.status, bay::sv(answer.data));
    }

  private:
    const bay::Crypto& crypto_;
};

class Acme : public bay::Provider {
  public:
    static constexpr char id[] = "acme_aws";
    Acme(std::string_view /*config*/, bay::Diag& diag) : crypto_(bay::Crypto::find(diag)) {}
    std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
        return std::make_unique<Chat>(*crypto_);
    }

  private:
    std::optional<bay::Crypto> crypto_;  // empty: the host does not use this instance
};

}  // namespace

BAY_PLUGIN(bay::Providers<Acme>)
