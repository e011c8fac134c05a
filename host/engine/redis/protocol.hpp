// Redis' protocol (RESP), by hiredis' formatter and reader. No I/O.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/redis/link.hpp"

struct redisReader;

namespace patchbay::redis {

/// Appends a command, whose words may hold any bytes, as it goes to the server.
void append_command(const std::vector<std::string>& words, std::string& out);

/// Takes what a server sends, in any pieces.
class ReplyReader {
  public:
    /// A server that announces more elements in one list, or sends more bytes of one reply, does not speak the protocol
    /// for us: nobody's memory is its to take.
    static constexpr std::size_t kMostElements = std::size_t{1} << 18;
    static constexpr std::size_t kMostBytes = std::size_t{64} << 20;

    ReplyReader();
    void feed(std::string_view bytes);
    /// The next whole reply. False: there is none yet, or never will be: broken().
    bool next(RedisReply& reply);
    /// What came was not the protocol, or too much.
    bool broken() const { return broken_; }

  private:
    struct Free {
        void operator()(redisReader* reader) const;
    };
    std::unique_ptr<redisReader, Free> reader_;
    std::size_t bytes_ = 0;  ///< of the reply that comes next, as far as it is there
    bool broken_ = false;
};

}  // namespace patchbay::redis
