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
    merge_usage(last_.usage, told);
    tell();
}

void UsageAccount::tell() {
    told_ = true;
    untold_text_ = 0;
}

void UsageAccount::read(std::string_view json, const AnswerFacts& facts) {
    if (!facts.usage) return;
    Usage known = reported_ ? Usage{} : last_.usage;
    if (!shape_->read_usage(json.substr(facts.usage.off, facts.usage.len), known)) return;
    known = bounded(known);
    if (reported_) {
        // The plugin has told it, before it handed the event on.
        if (known != Usage{}) untold_text_ = 0;
    } else if (known != last_.usage) {
        last_.usage = known;
        tell();
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
