// SPDX-License-Identifier: Apache-2.0
#include "stream.hpp"

#include <utility>

namespace patchbay::bedrock {

Result<void> StreamTranslator::feed(std::string_view type, std::string_view data,
                                    std::vector<std::string>& chunks) {
    unsigned char first_memory[4096];
    json::monotonic_resource memory(first_memory, sizeof first_memory);
    const auto parsed = parse_json(data, &memory);
    const auto* event = parsed ? parsed->if_object() : nullptr;
    if (!event) return unreadable("an event of the stream is no JSON object");
    if (type == "metadata") {
        metadata(*event, chunks);
        return {};
    }
    if (complete_) return {};
    Blocks::Deltas deltas;
    Result<void> fed;
    if (type == "contentBlockDelta") {
        fed = blocks_.add(*event, deltas);
    } else if (type == "contentBlockStart") {
        fed = blocks_.start(*event, deltas);
    } else if (type == "contentBlockStop") {
        fed = blocks_.stop(*event, deltas);
    } else if (type == "messageStop") {
        return finish(*event, chunks);
    }
    tell(deltas, chunks);
    return fed;
}

void StreamTranslator::tell(Blocks::Deltas& deltas, std::vector<std::string>& chunks) {
    for (auto& delta : deltas) writer_.delta(std::move(delta), chunks);
}

Result<void> StreamTranslator::finish(const json::object& event, std::vector<std::string>& chunks) {
    const auto stop_reason = text(event, "stopReason");
    if (blocks_.is_broken(stop_reason)) return unreadable("a call of the model's that is none");
    complete_ = true;
    Blocks::Deltas deltas;
    blocks_.end(deltas);
    tell(deltas, chunks);
    if (const auto* fields = find(event, "additionalModelResponseFields")) {
        fields_ = json::value(*fields, json::storage_ptr());
    }
    json::object own;
    if (const auto reason = telling_reason(stop_reason); context_.translated && !reason.empty()) {
        own["native_finish_reason"] = reason;
    }
    writer_.finish(blocks_.finish_reason(stop_reason), chunks, std::move(own));
    return {};
}

void StreamTranslator::metadata(const json::object& event, std::vector<std::string>& chunks) {
    json::object told(event, json::storage_ptr());
    if (!fields_.is_null()) told["additionalModelResponseFields"] = fields_;
    usage_.emplace();
    take_usage(told, *usage_);
    if (blocks_.thought()) usage_->saw_thought();
    if (const auto* trace = find(event, "trace")) writer_.remark("trace", *trace, chunks);
    if (want_usage_) writer_.usage(usage_->to_openai(), chunks);
}

}  // namespace patchbay::bedrock
