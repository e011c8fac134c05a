#include "engine/call/usage_account.hpp"

#include <algorithm>
#include <utility>

#include "contract/error.hpp"
#include "contract/shape/text_size.hpp"

namespace patchbay {

namespace {

Usage bounded(Usage usage) {
    bool absurd = false;
    for (const auto count : kUsageCounts) {
        if (usage.*count <= UsageAccount::kMaxTokens) continue;
        usage.*count = 0;
        absurd = true;
    }
    if (absurd) usage.total = usage.prompt + usage.completion;
    return usage;
}

void merge(Usage& known, const Usage& told) {
    const bool whole = told.prompt >= known.prompt && told.completion >= known.completion;
    for (const auto count : kUsageCounts) known.*count = std::max(known.*count, told.*count);
    if (!whole) known.total = std::max(known.total, known.prompt + known.completion);
}

}  // namespace

void UsageAccount::begin(const Deployment& deployment, const Shape& shape, std::string_view asked) {
    if (last_.deployment) earlier_.push_back(std::exchange(last_, {}));
    last_.deployment = &deployment;
    last_.started = Clock::now();
    shape_ = &shape;
    asked_ = asked;
    untold_text_ = 0;
    under_way_ = true;
    reported_ = told_ = false;
}

void UsageAccount::report(const Usage& usage) {
    const Usage told = bounded(usage);
    if (told == Usage{}) return;
    if (!reported_) last_.usage = {};
    reported_ = true;
    take(told);
}

void UsageAccount::take(const Usage& told) {
    merge(last_.usage, told);
    told_ = true;
    untold_text_ = 0;
}

void UsageAccount::read(std::string_view json, const AnswerFacts& facts) {
    if (!facts.usage) return;
    const auto usage = shape_->read_usage(json.substr(facts.usage.off, facts.usage.len));
    if (!usage) return;
    const Usage told = bounded(*usage);
    if (told == Usage{}) return;
    if (reported_) {
        untold_text_ = 0;  // the plugin has told it, before it handed the event on
    } else {
        take(told);
    }
}

void UsageAccount::read_whole(std::string_view json, const AnswerFacts& facts) {
    read(json, facts);
}

void UsageAccount::read_chunk(std::string_view json, const AnswerFacts& facts) {
    if (facts.text) untold_text_ += text_size(json.substr(facts.text.off, facts.text.len));
    read(json, facts);
}

void UsageAccount::end(const Error* failed) {
    if (!under_way_) return;
    if (failed) last_.exception = failed->exception_name();
    close(failed ? failed->status() : kOk);
}

void UsageAccount::leave() {
    if (!under_way_) return;
    last_.exception = "ClientDisconnect";
    close(kClientClosedRequest);
}

void UsageAccount::close(int status) {
    const bool whole = status == kOk;
    under_way_ = false;
    last_.status = status;
    last_.ended = Clock::now();
    Usage& usage = last_.usage;
    if (untold_text_ == 0 || (whole && usage.completion > 0)) return;
    const std::uint64_t prompt = told_ ? 0 : estimated_tokens(text_size(asked_));
    const std::uint64_t completion = estimated_tokens(untold_text_);
    usage.prompt += prompt;
    usage.completion += completion;
    usage.total += prompt + completion;
    last_.estimated = true;
}

}  // namespace patchbay
