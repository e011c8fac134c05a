// SPDX-License-Identifier: Apache-2.0
#include "chat_exchange.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

#include <boost/json.hpp>

#include "chat_reader.hpp"
#include "json/access.hpp"

namespace patchbay::gigachat {

namespace json = boost::json;

namespace {

constexpr std::string_view kChat = "/chat/completions";

/// "image/svg+xml" -> "svg": GigaChat looks at the ends of names.
std::string_view ending_of(std::string_view type) {
    const auto slash = type.find('/');
    std::string_view ending = slash == std::string_view::npos ? type : type.substr(slash + 1);
    if (ending == "jpeg") return "jpg";
    if (ending == "plain") return "txt";
    return ending.substr(0, ending.find_first_of("+;"));
}

}  // namespace

bay_status ChatExchange::on_request(const bay_ev_request& request, bay::Out out) {
    plan_.emplace(write_chat(request, dialect_));
    return TranslatedExchange::on_request(request, out);
}

openai::Written<openai::Translated> ChatExchange::translate(const bay_ev_request& request,
                                                            std::string_view address) const {
    if (!*plan_) return plan_->error();
    const ChatRequest& chat = **plan_;
    openai::Translated made;
    made.url = openai::operation_url(address, kChat);
    if (chat.uploads.empty()) made.body = shared::to_text(chat.body);
    made.reader = std::make_unique<ChatReader>(bay::sv(request.target->model), chat.schema_name,
                                               (request.flags & BAY_REQ_WANT_USAGE) != 0);
    made.dropped = chat.dropped;
    return made;
}

bay_status ChatExchange::start(const bay_ev_request& request, bay::Out out) {
    if (!(*plan_)->uploads.empty()) {
        constexpr std::size_t kDigits = 32;
        boundary_ = "patchbay-" + bay::Host::random_hex(kDigits);
        upload_headers_ =
            openai::request_headers(request, dialect_, "multipart/form-data; boundary=" + boundary_)
                .value_or(openai::Headers());
    }
    return TranslatedExchange::start(request, out);
}

bay_status ChatExchange::send(bay::Out out) {
    ChatRequest& chat = **plan_;
    uploading_ = uploaded_ < chat.uploads.size();
    if (uploading_) return upload(chat.uploads[uploaded_], out);
    if (!chat.uploads.empty()) translated_.body = shared::to_text(chat.body);
    return TranslatedExchange::send(out);
}

bay_status ChatExchange::upload(const Upload& file, bay::Out out) {
    std::string url = translated_.url;
    url.replace(url.find(kChat), kChat.size(), "/files");
    bay::HttpRequest call("POST", url);
    call.call(++calls_).flags(0);
    for (const auto& [name, value] : upload_headers_) call.header(name, value);
    if (access_.exists()) call.header(access_.header(), access_.value());
    std::string head = "--" + boundary_;
    head.append("\r\ncontent-disposition: form-data; name=\"purpose\"\r\n\r\ngeneral\r\n--");
    head.append(boundary_).append("\r\ncontent-disposition: form-data; name=\"file\"; filename=\"");
    head.append("file-").append(std::to_string(uploaded_ + 1)).append(".");
    head.append(ending_of(file.type)).append("\"\r\ncontent-type: ").append(file.type);
    head.append("\r\n\r\n");
    call.body(head).body_view(file.bytes).body("\r\n--" + boundary_ + "--\r\n");
    return call.send(out);
}

bay_status ChatExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    if (!uploading_) return TranslatedExchange::on_http_done(done, out);
    if (finished_ || renews(done, out)) return BAY_OK;
    if (done.failure != BAY_FAIL_NONE || done.status / 100 != 2) return fail(failure_of(done), out);
    const auto parsed = shared::parse_json(bay::sv(done.data));
    const std::string_view id = shared::text(parsed ? parsed->if_object() : nullptr, "id");
    if (id.empty()) return fail(openai::unreadable("GigaChat", "an upload has no id"), out);
    ChatRequest& chat = **plan_;
    attach(chat.body.at("messages").as_array(), chat.uploads[uploaded_++].message, id);
    return send(out);
}

}  // namespace patchbay::gigachat
