// SPDX-License-Identifier: Apache-2.0
#include "plain_text.hpp"

#include <patchbay/json_tree.hpp>
#include <patchbay/sdk.hpp>

#include <boost/json.hpp>

#include "json/access.hpp"

namespace patchbay::chat_apis {

namespace json = boost::json;

namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kEndMark = "[DONE]";
constexpr std::size_t kLongestWord = 256;
constexpr std::size_t kMostBytes = 16u << 20;  // of a document

bool is_blank(char c) {
    return kBlanks.find(c) != std::string_view::npos;
}

/// How many bytes the character takes that begins so; 1 for what begins none.
std::size_t length_of(char first) {
    const auto byte = static_cast<unsigned char>(first);
    if (byte < 0xC2 || byte > 0xF4) return 1;
    if (byte < 0xE0) return 2;
    return byte < 0xF0 ? 3 : 4;
}

/// `text` with U+FFFD for each byte that is no part of UTF-8.
std::string mended(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        std::size_t size = length_of(text.front());
        const std::string_view character = text.substr(0, size);
        const bool good = character.size() == size && json_tree::is_utf8(character);
        if (!good) size = 1;
        out.append(good ? character : std::string_view("\xEF\xBF\xBD"));
        text.remove_prefix(size);
    }
    return out;
}

}  // namespace

void Words::give(std::string_view word, const Take& take) {
    if (json_tree::is_utf8(word)) return take(word);
    take(mended(word));
}

void Words::add(std::string_view bytes, const Take& take) {
    std::size_t at = held_.size();
    held_.append(bytes);
    std::size_t begin = 0;
    const auto cut = [&](std::size_t end) {
        const std::string_view word = std::string_view(held_).substr(begin, end - begin);
        if (word.empty() || word.ends_with(kEndMark)) return;
        give(word, take);
        begin = end;
    };
    // What was looked at already may have ended inside of a character.
    while (at > 0 && (static_cast<unsigned char>(held_[at - 1]) & 0x80) != 0) --at;
    while (at < held_.size()) {
        const std::size_t size = length_of(held_[at]);
        if (at + size > held_.size()) break;
        if (is_blank(held_[at]) && at > begin && !is_blank(held_[at - 1])) cut(at);
        at += size;
        if (size >= 3 || at - begin >= kLongestWord) cut(at);
    }
    held_.erase(0, begin);
}

void Words::end(const Take& take) {
    std::string_view rest = held_;
    const auto last = rest.find_last_not_of(kBlanks);
    const std::string_view said = rest.substr(0, last == std::string_view::npos ? 0 : last + 1);
    if (said.ends_with(kEndMark)) rest = said.substr(0, said.size() - kEndMark.size());
    if (!rest.empty()) give(rest, take);
    held_.clear();
}

void TextReader::add(std::string_view bytes, std::vector<std::string>& chunks) {
    any_ = any_ || !bytes.empty();
    words_.add(bytes, [&](std::string_view word) { writer_.text("content", word, chunks); });
}

openai::Read<void> TextReader::event(const json::object&, std::vector<std::string>&) {
    return openai::unreadable("the provider", "a document that is no answer");
}

bool TextReader::ends(std::vector<std::string>& chunks) {
    if (!any_) return false;
    words_.end([&](std::string_view word) { writer_.text("content", word, chunks); });
    writer_.finish("stop", chunks);
    return true;
}

json::object TextReader::answer(std::string_view text, std::uint64_t read, std::uint64_t written) {
    if (read + written > 0) {
        usage_ = bay_usage{};
        usage_->size = sizeof(bay_usage);
        usage_->input_tokens = read;
        usage_->output_tokens = written;
    }
    return shared::whole_chat(writer_.head(), {{"role", "assistant"}, {"content", text}}, "stop",
                              {{"prompt_tokens", read},
                               {"completion_tokens", written},
                               {"total_tokens", read + written}});
}

bay_status TextExchange::on_http_head(const bay_ev_http& head, bay::Out) {
    const std::string_view type = bay::find(head.headers, head.header_count, "content-type");
    document_ = type.find("json") != std::string_view::npos;
    return BAY_OK;
}

bay_status TextExchange::on_http_data(const bay_ev_http& data, bay::Out out) {
    if (finished_) return BAY_OK;
    const std::string_view bytes = bay::sv(data.data);
    if (document_) {
        body_.append(bytes.substr(0, kMostBytes - body_.size()));
        return BAY_OK;
    }
    chunks_.clear();
    static_cast<TextReader&>(*translated_.reader).add(bytes, chunks_);
    return tell_chunks(out);
}

bay_status TextExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    const bool good = done.failure == BAY_FAIL_NONE && done.status / 100 == 2;
    if (!finished_ && streamed_ && document_ && good) {
        bay_ev_http frame = done;
        frame.data = bay::str(body_);
        if (const auto status = on_http_frame(frame, out); status != BAY_OK) return status;
    }
    return TranslatedExchange::on_http_done(done, out);
}

}  // namespace patchbay::chat_apis
