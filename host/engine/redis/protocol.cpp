#include "engine/redis/protocol.hpp"

#include <hiredis/hiredis.h>
#include <new>

namespace patchbay::redis {

namespace {

RedisReply value_of(const redisReply& from) {
    RedisReply reply;
    switch (from.type) {
        case REDIS_REPLY_STRING:
        case REDIS_REPLY_STATUS:
        case REDIS_REPLY_ERROR:
            reply.kind =
                from.type == REDIS_REPLY_ERROR ? RedisReply::Kind::error : RedisReply::Kind::text;
            reply.text.assign(from.str, from.len);
            break;
        case REDIS_REPLY_INTEGER:
            reply.kind = RedisReply::Kind::number;
            reply.number = from.integer;
            break;
        case REDIS_REPLY_ARRAY:
            reply.kind = RedisReply::Kind::list;
            for (std::size_t i = 0; i < from.elements; ++i) {
                reply.list.push_back(value_of(*from.element[i]));
            }
            break;
        default:
            break;
    }
    return reply;
}

// Set before the first reader reads.
void* (*array_of_hiredis)(const redisReadTask*, int) = nullptr;

// As hiredis makes it, but for one that no command of ours is answered with, whose memory it would take at once.
void* make_array(const redisReadTask* task, int elements) {
    if (static_cast<std::size_t>(elements) > ReplyReader::kMostElements) return nullptr;
    return array_of_hiredis(task, elements);
}

}  // namespace

void append_command(const std::vector<std::string>& words, std::string& out) {
    std::vector<const char*> texts;
    std::vector<std::size_t> sizes;
    for (const std::string& word : words) {
        texts.push_back(word.data());
        sizes.push_back(word.size());
    }
    char* made = nullptr;
    const auto size =
        redisFormatCommandArgv(&made, static_cast<int>(words.size()), texts.data(), sizes.data());
    if (size < 0) throw std::bad_alloc();
    out.append(made, static_cast<std::size_t>(size));
    redisFreeCommand(made);
}

void ReplyReader::Free::operator()(redisReader* reader) const {
    redisReaderFree(reader);
}

ReplyReader::ReplyReader() : reader_(redisReaderCreate()) {
    if (!reader_) throw std::bad_alloc();
    static redisReplyObjectFunctions functions = [&] {
        redisReplyObjectFunctions made = *reader_->fn;
        array_of_hiredis = made.createArray;
        made.createArray = make_array;
        return made;
    }();
    reader_->fn = &functions;
}

void ReplyReader::feed(std::string_view bytes) {
    bytes_ += bytes.size();
    broken_ = broken_ || redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) != REDIS_OK;
}

bool ReplyReader::next(RedisReply& reply) {
    void* made = nullptr;
    if (broken_ || redisReaderGetReply(reader_.get(), &made) != REDIS_OK) {
        broken_ = true;
        return false;
    }
    if (made == nullptr) {
        broken_ =
            bytes_ > kMostBytes;  // what was read of a list is no longer in the reader's buffer
        return false;
    }
    bytes_ = reader_->len - reader_->pos;
    const std::unique_ptr<void, void (*)(void*)> owner(made, freeReplyObject);
    reply = value_of(*static_cast<const redisReply*>(made));
    return true;
}

}  // namespace patchbay::redis
