// The provider "demo": answers without any network, for trying a gateway out and for testing
// clients.
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "documents.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/sdk.hpp"
#include "plan.hpp"

namespace patchbay::demo {
namespace {

constexpr std::uint32_t kTimer = 1;

/// One chat request. Plans the whole answer at the start; then sends it in steps, with a timer
/// before each step that has to wait.
class Chat : public bay::Exchange {
  public:
    explicit Chat(std::uint32_t delay_ms) : delay_ms_(delay_ms) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override {
        if (bay::sv(request.operation) != "chat.completions") {
            return out.fail(BAY_ERR_UNSUPPORTED, "the demo provider only does chat.completions");
        }
        const json_tree::Tree read = json_tree::read(bay::sv(request.json));
        const json::value& body = read.value;
        if (!body.is_object()) {
            return out.fail(BAY_ERR_BAD_REQUEST, "the request is not a JSON object");
        }
        json::value params(json::object_kind);
        if (request.target->params.len) {
            params = json_tree::read(bay::sv(request.target->params)).value;
        }
        if (!params.is_object()) {
            return out.fail(BAY_ERR_BAD_REQUEST, "the deployment's params are not a JSON object");
        }
        plan_ = make_plan(body.get_object(), params.get_object(), delay_ms_);
        stream_ = request.flags & BAY_REQ_STREAM;
        envelope_ = {"chatcmpl-" + bay::Host::random_hex(32), bay::Host::unix_ms() / 1000,
                     std::string(bay::sv(request.target->model))};
        if (stream_) deltas_ = deltas(plan_);
        return plan_.first_delay_ms ? out.timer(kTimer, plan_.first_delay_ms) : step(out);
    }

    bay_status on_timer(const bay_ev_timer&, bay::Out out) override { return step(out); }

  private:
    // Sends what may be sent now.
    bay_status step(bay::Out out) {
        if (plan_.failure && !(plan_.failure->mid_stream && stream_)) return fail(out);
        if (!stream_) {
            report_usage(out);
            return out.result(json_tree::write(completion(envelope_, plan_)));
        }
        const std::size_t words = deltas_.size() * plan_.n;
        const std::size_t end = words + plan_.n;
        while (sent_ < end) {
            if (plan_.failure && sent_ >= (words + 1) / 2) return fail(out);
            const bay_status sent = out.chunk(json_tree::write(next(words)));
            if (sent != BAY_OK) return sent;
            ++sent_;
            if (plan_.chunk_delay_ms && sent_ < end) return out.timer(kTimer, plan_.chunk_delay_ms);
        }
        if (plan_.include_usage) out.chunk(json_tree::write(usage_chunk(envelope_, plan_)));
        report_usage(out);
        return out.done();
    }

    // Choices take turns, delta by delta; at last each of them ends.
    json::object next(std::size_t words) const {
        const auto choice = static_cast<unsigned>(sent_ % plan_.n);
        if (sent_ >= words) return chunk(envelope_, choice, {}, plan_.finish_reason);
        return chunk(envelope_, choice, deltas_[sent_ / plan_.n], {});
    }

    void report_usage(bay::Out out) const {
        bay_usage usage{};
        usage.input_tokens = plan_.prompt_tokens;
        usage.output_tokens = plan_.completion_tokens;
        out.usage(usage);
    }

    bay_status fail(bay::Out out) const {
        const Failure& failure = *plan_.failure;
        bay::Error error;
        error.cls = failure.cls;
        error.http_status = failure.http_status;
        error.message = failure.message;
        error.type = failure.type;
        error.code = failure.code;
        error.param = failure.param;
        return out.fail(error);
    }

    std::uint32_t delay_ms_;
    Plan plan_;
    Envelope envelope_;
    bool stream_ = false;
    std::vector<json::object> deltas_;
    std::size_t sent_ = 0;  // chunks of deltas and ends
};

class Demo : public bay::Provider {
  public:
    static constexpr char id[] = "demo";

    Demo(std::string_view config, bay::Diag& diag) {
        const json::value parsed = json_tree::read(config.empty() ? "{}" : config).value;
        if (!parsed.is_object()) {
            diag.error("", "must be a JSON object");
            return;
        }
        delay_ms_ =
            static_cast<std::uint32_t>(number_member(parsed.if_object(), "delay_ms", 0, 600'000));
    }

    std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
        return std::make_unique<Chat>(delay_ms_);
    }

  private:
    std::uint32_t delay_ms_ = 0;
};

}  // namespace
}  // namespace patchbay::demo

BAY_PLUGIN(bay::Providers<patchbay::demo::Demo>)
