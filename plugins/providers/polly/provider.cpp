// SPDX-License-Identifier: Apache-2.0
// The provider "aws_polly": speech by Amazon Polly.
//
//     REQUEST -> a signed call -> the bytes pass through -> DONE -> done()
#include <memory>
#include <optional>
#include <patchbay/sdk.hpp>
#include <string>
#include <utility>

#include "aws/region.hpp"
#include "aws/session_exchange.hpp"
#include "aws/signed_call.hpp"
#include "json/access.hpp"
#include "openai_shared/errors.hpp"
#include "openai_shared/refusal.hpp"
#include "openai_shared/translated_exchange.hpp"
#include "patchbay/operations.h"
#include "speech.hpp"

namespace patchbay::polly {

namespace {

// The manifest's, which stands for the address in the region.
constexpr std::string_view kOwnBase = "https://polly.amazonaws.com";
constexpr std::string_view kPath = "/v1/speech";
constexpr std::string_view kService = "polly";

/// The component's settings, and what its machines share. Immutable; holds secrets.
struct Shared {
    const bay::Crypto* crypto = nullptr;
    aws::Defaults aws;
    std::string runtime_url;  ///< in place of the region's address; empty: none
    openai::Dialect dialect = own_dialect();
};

aws::Settings settings_of(const aws::json::object& params, const Shared& shared) {
    auto settings = aws::Settings::of(params, shared.aws);
    if (settings.region.empty()) settings.region = aws::kUsualRegion;
    return settings;
}

std::string url_of(const bay_target& target, const Shared& shared, std::string_view region) {
    std::string base(bay::sv(target.base_url));
    if (base.empty() || base == kOwnBase) base = shared.runtime_url;
    if (base.empty()) base = aws::endpoint(kService, region);
    return std::string(openai::without_endings(base, {kPath})).append(kPath);
}

/// [exchange]
class SpeechExchange : public bay::Exchange {
  public:
    explicit SpeechExchange(const Shared* const& shared)
        : shared_(*shared), call_(*shared->crypto, kService) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override {
        const auto speech = write_speech(request, shared_.dialect);
        if (!speech) {
            const openai::Refusal& why = speech.error();
            return openai::refuse(why.cls, why.message, why.param, out);
        }
        auto params = aws::params_of(*request.target);
        const auto settings = settings_of(params, shared_);
        // A region that is none would make an address that is anybody's.
        const auto credentials = aws::Credentials::of(settings);
        if (!credentials) return report(credentials.error(), out);
        speech->dropped.tell(out);
        characters_ = speech->characters;
        call_.settle(request, std::move(params), settings.region,
                     aws::Access::by_credentials(*credentials, *shared_.crypto));
        return call_.start(url_of(*request.target, shared_, settings.region), speech->body,
                           BAY_DECODE_RAW, out);
    }

    bay_status on_shared(const bay_ev_shared& shared, bay::Out out) override {
        return call_.on_shared(shared, out);
    }

    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override {
        return head.status / 100 == 2 ? out.pass_through(head.call) : bay_status{BAY_OK};
    }

    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override {
        if (call_.renews(done, out)) return BAY_OK;
        if (done.failure != BAY_FAIL_NONE) {
            return report(openai::transport_error(done.failure, done.status, bay::sv(done.error)),
                          out);
        }
        if (done.status / 100 != 2) {
            const std::span<const bay_kv> headers(done.headers, done.header_count);
            return report(openai::openai_error(shared_.dialect.errors, done.status, headers,
                                               bay::sv(done.data), bay::Host::unix_ms()),
                          out);
        }
        bay_usage usage{};
        usage.size = sizeof usage;
        usage.characters = usage.units = characters_;
        const bay_status told = out.usage(usage);
        return told == BAY_OK ? out.done() : told;
    }

  private:
    const Shared& shared_;
    aws::SignedCall call_;
    std::uint64_t characters_ = 0;
};

/// The keys that end of a deployment, for everybody who waits for them.
class Session : public aws::SessionExchange {
  public:
    explicit Session(const Shared* const& shared)
        : SessionExchange(*shared->crypto, shared->aws.machine), shared_(*shared) {}

    bay_status on_refresh(const bay_ev_refresh& refresh, bay::Out out) override {
        if (!refresh.target) return out.fail(BAY_ERR_AUTH, "nobody says whose keys are wanted");
        const auto settings = settings_of(aws::params_of(*refresh.target), shared_);
        return fetch(aws::Credentials::of(settings), out);
    }

  private:
    const Shared& shared_;
};

constexpr bay::Operation<const Shared*> kOperations[] = {
    {BAY_OP_AUDIO_SPEECH, bay::make_machine<SpeechExchange>},
    {"", bay::make_machine<Session>},  // shared values
};

class Polly : public bay::Provider {
  public:
    static constexpr char id[] = "aws_polly";

    Polly(std::string_view config, bay::Diag& diag)
        : crypto_(bay::Crypto::find(diag, bay::Crypto::Need::digests)) {
        if (crypto_) shared_.crypto = &*crypto_;
        const auto parsed = shared::parse_json(config.empty() ? "{}" : config);
        if (!parsed || !parsed->is_object()) {
            diag.error("", "must be a JSON object");
            return;
        }
        shared_.aws = aws::Defaults::of(parsed->get_object());
        shared_.runtime_url = shared::text(parsed->get_object(), "runtime_url");
    }

    std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
        return std::make_unique<bay::ByOperation<const Shared*>>(kOperations, &shared_, id);
    }

  private:
    std::optional<bay::Crypto> crypto_;  // empty: the host does not use this instance
    Shared shared_;
};

}  // namespace

}  // namespace patchbay::polly

BAY_PLUGIN(bay::Providers<patchbay::polly::Polly>)
