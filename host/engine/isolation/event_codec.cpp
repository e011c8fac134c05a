#include "engine/isolation/event_codec.hpp"

namespace patchbay::isolation {

namespace {

template <class Event>
const Event& as(const bay_event& event) {
    return reinterpret_cast<const Event&>(event);
}

void write_target(Writer& to, const bay_target* target) {
    to.number(static_cast<std::uint8_t>(target != nullptr));
    if (target == nullptr) return;
    for (const bay_str text : {target->model, target->base_url, target->api_key, target->params})
        to.text(text);
}

void write_request(Writer& to, const bay_ev_request& e) {
    to.number(e.flags);
    to.text(e.operation);
    to.text(e.json);
    write_target(to, e.target);
    to.number(e.part_count);
    for (std::uint64_t i = 0; i < e.part_count; ++i) {
        const bay_part& part = e.parts[i];
        for (const bay_str text : {part.name, part.filename, part.content_type, part.data})
            to.text(text);
        to.number(part.blob);
        to.number(part.length);
    }
    write_headers(to, e.headers, e.header_count);
    to.text(e.path);
    to.text(e.method);
    to.number(e.model_off);
    to.number(e.model_len);
    to.number(e.member_count);
    for (std::uint64_t i = 0; i < e.member_count; ++i) {
        // By place: names and values are parts of the body.
        const bay_member& member = e.members[i];
        to.number(member.name_off);
        to.number(std::uint64_t{member.name.len});
        to.number(member.value_off);
        to.number(std::uint64_t{member.value.len});
    }
    to.text(e.allowed_params);
    write_headers(to, e.ids, e.id_count);
    write_headers(to, e.query, e.query_count);
    to.text(e.content_type);
}

void write_inspect(Writer& to, const bay_ev_inspect& e) {
    to.number(e.stage);
    to.number(e.flags);
    to.number(e.window);
    for (const bay_str text : {e.operation, e.json, e.request, e.params, e.metadata}) to.text(text);
    to.number(e.text_count);
    for (std::uint64_t i = 0; i < e.text_count; ++i) {
        to.text(e.texts[i].path);
        to.text(e.texts[i].role);
        to.text(e.texts[i].text);
        to.number(e.texts[i].fixed);
    }
}

void write_batch(Writer& to, const bay_ev_batch& e) {
    to.number(e.attempt);
    to.number(e.record_count);
    for (std::uint64_t i = 0; i < e.record_count; ++i) {
        const bay_record& record = *e.records[i];
        to.number(record.type);
        to.number(record.seq);
        to.number(record.unix_ms);
        to.text(record.id);
        to.text(record.json);
    }
}

void write_http(Writer& to, const bay_ev_http& e) {
    to.number(e.call);
    to.number(e.status);
    to.number(e.failure);
    to.number(e.last);
    write_headers(to, e.headers, e.header_count);
    for (const bay_str text : {e.event, e.id, e.data, e.error}) to.text(text);
}

}  // namespace

void write_headers(Writer& to, const bay_kv* headers, std::uint64_t count) {
    to.number(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        to.text(headers[i].name);
        to.text(headers[i].value);
    }
}

void read_headers(Reader& from, std::vector<bay_kv>& headers) {
    headers.resize(from.count(2 * sizeof(std::uint64_t)));
    for (bay_kv& header : headers) {
        header.name = from.text();
        header.value = from.text();
    }
}

bool write_event(Writer& to, const bay_event& event) {
    to.number(event.type);
    switch (event.type) {
        case BAY_EV_REQUEST:
            write_request(to, as<bay_ev_request>(event));
            return true;
        case BAY_EV_INSPECT:
            write_inspect(to, as<bay_ev_inspect>(event));
            return true;
        case BAY_EV_BATCH:
            write_batch(to, as<bay_ev_batch>(event));
            return true;
        case BAY_EV_REFRESH:
            to.text(as<bay_ev_refresh>(event).key);
            to.text(as<bay_ev_refresh>(event).old_value);
            write_target(to, as<bay_ev_refresh>(event).target);
            return true;
        case BAY_EV_HTTP_HEAD:
        case BAY_EV_HTTP_DATA:
        case BAY_EV_HTTP_FRAME:
        case BAY_EV_HTTP_DONE:
            write_http(to, as<bay_ev_http>(event));
            return true;
        case BAY_EV_WS_OPEN:
        case BAY_EV_WS_FRAME:
        case BAY_EV_WS_CLOSE:
        case BAY_EV_CLIENT_FRAME:
        case BAY_EV_CLIENT_CLOSE: {
            const auto& e = as<bay_ev_ws>(event);
            for (const std::uint32_t number : {e.call, e.opcode, e.code, e.failure})
                to.number(number);
            to.text(e.data);
            return true;
        }
        case BAY_EV_SHARED: {
            const auto& e = as<bay_ev_shared>(event);
            to.number(e.status);
            to.number(e.ttl_ms);
            for (const bay_str text : {e.key, e.value, e.error}) to.text(text);
            return true;
        }
        case BAY_EV_TIMER:
            to.number(as<bay_ev_timer>(event).timer);
            return true;
        case BAY_EV_CANCEL:
            to.number(as<bay_ev_cancel>(event).reason);
            return true;
        default:
            return false;
    }
}

std::span<const bay_part> ReadEvent::parts() const {
    if (event_->type != BAY_EV_REQUEST) return {};
    return {request_.parts, static_cast<std::size_t>(request_.part_count)};
}

const bay_target* ReadEvent::read_target(Reader& from) {
    if (from.number<std::uint8_t>() == 0) return nullptr;
    target_ = {};
    target_.size = sizeof target_;
    for (bay_str* text : {&target_.model, &target_.base_url, &target_.api_key, &target_.params})
        *text = from.text();
    return &target_;
}

void ReadEvent::read_request(Reader& from) {
    request_ = {};
    request_.flags = from.number<std::uint32_t>();
    request_.operation = from.text();
    request_.json = from.text();
    request_.target = read_target(from);
    parts_.resize(from.count(6 * sizeof(std::uint64_t)));
    for (bay_part& part : parts_) {
        for (bay_str* text : {&part.name, &part.filename, &part.content_type, &part.data})
            *text = from.text();
        part.blob = from.number<std::uint64_t>();
        part.length = from.number<std::uint64_t>();
    }
    request_.parts = parts_.data();
    request_.part_count = parts_.size();
    read_headers(from, headers_);
    request_.headers = headers_.data();
    request_.header_count = headers_.size();
    request_.path = from.text();
    request_.method = from.text();
    request_.model_off = from.number<std::uint64_t>();
    request_.model_len = from.number<std::uint64_t>();
    members_.resize(from.count(4 * sizeof(std::uint64_t)));
    const auto part_of_body = [&](std::uint64_t off, std::uint64_t len) {
        if (off > request_.json.len || len > request_.json.len - off) from.fail();
        return from.failed() ? bay_str{nullptr, 0} : bay_str{request_.json.ptr + off, len};
    };
    for (bay_member& member : members_) {
        member.name_off = from.number<std::uint64_t>();
        member.name = part_of_body(member.name_off + 1, from.number<std::uint64_t>());
        member.value_off = from.number<std::uint64_t>();
        member.value = part_of_body(member.value_off, from.number<std::uint64_t>());
    }
    request_.members = members_.data();
    request_.member_count = members_.size();
    request_.allowed_params = from.text();
    read_headers(from, ids_);
    request_.ids = ids_.data();
    request_.id_count = ids_.size();
    read_headers(from, query_);
    request_.query = query_.data();
    request_.query_count = query_.size();
    request_.content_type = from.text();
    request_.h = {sizeof request_, BAY_EV_REQUEST};
    event_ = &request_.h;
}

void ReadEvent::read_inspect(Reader& from) {
    inspect_ = {};
    inspect_.stage = from.number<std::uint32_t>();
    inspect_.flags = from.number<std::uint32_t>();
    inspect_.window = from.number<std::uint64_t>();
    for (bay_str* text : {&inspect_.operation, &inspect_.json, &inspect_.request, &inspect_.params,
                          &inspect_.metadata})
        *text = from.text();
    texts_.resize(from.count(4 * sizeof(std::uint64_t)));
    for (bay_text& text : texts_) {
        text.path = from.text();
        text.role = from.text();
        text.text = from.text();
        text.fixed = from.number<std::uint64_t>();
    }
    inspect_.texts = texts_.data();
    inspect_.text_count = texts_.size();
    inspect_.h = {sizeof inspect_, BAY_EV_INSPECT};
    event_ = &inspect_.h;
}

void ReadEvent::read_batch(Reader& from) {
    batch_ = {};
    batch_.attempt = from.number<std::uint32_t>();
    records_.resize(from.count(4 * sizeof(std::uint64_t)));
    record_pointers_.clear();
    for (bay_record& record : records_) {
        record = {};
        record.size = sizeof record;
        record.type = from.number<std::uint32_t>();
        record.seq = from.number<std::uint64_t>();
        record.unix_ms = from.number<std::int64_t>();
        record.id = from.text();
        record.json = from.text();
        record_pointers_.push_back(&record);
    }
    batch_.records = record_pointers_.data();
    batch_.record_count = record_pointers_.size();
    batch_.h = {sizeof batch_, BAY_EV_BATCH};
    event_ = &batch_.h;
}

void ReadEvent::read_http(Reader& from) {
    http_.call = from.number<std::uint32_t>();
    http_.status = from.number<std::int32_t>();
    http_.failure = from.number<std::uint32_t>();
    http_.last = from.number<std::uint32_t>();
    read_headers(from, headers_);
    http_.headers = headers_.data();
    http_.header_count = headers_.size();
    for (bay_str* text : {&http_.event, &http_.id, &http_.data, &http_.error}) *text = from.text();
}

bool ReadEvent::read(Reader& from) {
    const auto type = from.number<std::uint32_t>();
    switch (type) {
        case BAY_EV_REQUEST:
            read_request(from);
            break;
        case BAY_EV_INSPECT:
            read_inspect(from);
            break;
        case BAY_EV_BATCH:
            read_batch(from);
            break;
        case BAY_EV_REFRESH:
            refresh_ = {};
            refresh_.h = {sizeof refresh_, type};
            refresh_.key = from.text();
            refresh_.old_value = from.text();
            refresh_.target = read_target(from);
            event_ = &refresh_.h;
            break;
        case BAY_EV_HTTP_HEAD:
        case BAY_EV_HTTP_DATA:
        case BAY_EV_HTTP_FRAME:
        case BAY_EV_HTTP_DONE:
            http_ = {};
            http_.h = {sizeof http_, type};
            read_http(from);
            event_ = &http_.h;
            break;
        case BAY_EV_WS_OPEN:
        case BAY_EV_WS_FRAME:
        case BAY_EV_WS_CLOSE:
        case BAY_EV_CLIENT_FRAME:
        case BAY_EV_CLIENT_CLOSE:
            ws_ = {};
            ws_.h = {sizeof ws_, type};
            for (std::uint32_t* number : {&ws_.call, &ws_.opcode, &ws_.code, &ws_.failure})
                *number = from.number<std::uint32_t>();
            ws_.data = from.text();
            event_ = &ws_.h;
            break;
        case BAY_EV_SHARED:
            shared_ = {};
            shared_.h = {sizeof shared_, type};
            shared_.status = from.number<std::int32_t>();
            shared_.ttl_ms = from.number<std::uint32_t>();
            for (bay_str* text : {&shared_.key, &shared_.value, &shared_.error})
                *text = from.text();
            event_ = &shared_.h;
            break;
        case BAY_EV_TIMER:
            timer_ = {};
            timer_.h = {sizeof timer_, type};
            timer_.timer = from.number<std::uint32_t>();
            event_ = &timer_.h;
            break;
        case BAY_EV_CANCEL:
            cancel_ = {};
            cancel_.h = {sizeof cancel_, type};
            cancel_.reason = from.number<std::uint32_t>();
            event_ = &cancel_.h;
            break;
        default:
            return false;
    }
    return !from.failed() && from.at_end();
}

}  // namespace patchbay::isolation
