#include "start.hpp"

#include <vector>

#include "contract/actions/form_part.hpp"
#include "form.hpp"
#include "member_index.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay::transcript {

using bay::str;

namespace {

/// Views `to`.
bay_target target_of(const Target& to) {
    bay_target target{};
    target.size = sizeof target;
    target.model = str(to.model);
    target.base_url = str(to.base_url);
    target.api_key = str(to.api_key);
    target.params = str(to.params);
    return target;
}

std::vector<bay_kv> pairs_of(const Headers& list) {
    std::vector<bay_kv> pairs;
    pairs.reserve(list.size());
    for (const auto& [name, value] : list) pairs.push_back({str(name), str(value)});
    return pairs;
}

void start_json(Machine& machine, bay_ev_request& event, std::string_view json) {
    const std::vector<bay_member> members = index_members(json);
    event.json = str(json);
    event.members = members.data();
    event.member_count = members.size();
    for (const bay_member& member : members) {
        if (bay::sv(member.name) != "model") continue;
        event.model_off = member.value_off;
        event.model_len = member.value.len;
    }
    machine.feed(event.h);
}

void start_form(Machine& machine, bay_ev_request& event, std::string_view body) {
    const http::MultipartForm form = form_of(body);
    std::vector<bay_part> parts;
    for (const http::FormPart& part : form.parts) {
        parts.push_back(to_part(part, parts.size() + 1));
        machine.recorder.add_part(part.data);
    }
    event.parts = parts.data();
    event.part_count = parts.size();
    const std::string type = form_type();
    event.content_type = str(type);
    machine.feed(event.h);
}

}  // namespace

void start_request(Machine& machine, const Transcript& transcript, std::string_view body) {
    const bay_target target = target_of(transcript.target);
    bay_ev_request event{};
    event.h = {sizeof event, BAY_EV_REQUEST};
    event.flags = transcript.flags;
    event.operation = str(transcript.operation);
    event.target = &target;
    event.method = str("POST");
    event.allowed_params = str(transcript.allowed);
    const auto headers = pairs_of(transcript.headers);
    const auto ids = pairs_of(transcript.ids);
    const auto query = pairs_of(transcript.query);
    event.headers = headers.data();
    event.header_count = headers.size();
    event.ids = ids.data();
    event.id_count = ids.size();
    event.query = query.data();
    event.query_count = query.size();
    if (transcript.form) {
        start_form(machine, event, body);
    } else {
        start_json(machine, event, body);
    }
}

void start_refresh(Machine& machine, const Transcript& transcript) {
    const bay_target target = target_of(transcript.target);
    bay_ev_refresh event{};
    event.h = {sizeof event, BAY_EV_REFRESH};
    event.key = str(transcript.refresh_key);
    event.old_value = str(transcript.request);
    event.target = transcript.target.given ? &target : nullptr;
    machine.feed(event.h);
}

void start_batch(Machine& machine, const Transcript& transcript) {
    std::vector<bay_record> records;
    std::vector<const bay_record*> pointers;
    records.reserve(transcript.batch.size());
    for (const BatchRecord& from : transcript.batch) {
        bay_record& to = records.emplace_back();
        to = {};
        to.size = sizeof to;
        to.type =
            from.failed ? std::uint32_t{BAY_RECORD_FAILURE} : std::uint32_t{BAY_RECORD_SUCCESS};
        to.seq = records.size();
        to.unix_ms = from.unix_ms;
        to.id = str(from.id);
        to.json = str(from.json);
        pointers.push_back(&to);
    }
    machine.recorder.set_batch(records.size());
    bay_ev_batch event{};
    event.h = {sizeof event, BAY_EV_BATCH};
    event.attempt = transcript.attempt;
    event.records = pointers.data();
    event.record_count = pointers.size();
    machine.feed(event.h);
}

}  // namespace patchbay::transcript
