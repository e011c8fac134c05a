#include "engine/exchange/file_append.hpp"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "contract/http/percent.hpp"

namespace patchbay {

namespace asio = boost::asio;

namespace {

std::string path_of(std::string_view url) {
    return http::percent_decoded(url.substr(kFileUrl.size() - 1));
}

std::string append(const std::string& path, const std::string& bytes) {
    const auto reason = [] { return std::system_category().message(errno); };
    const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return path + ": " + reason();
    std::string wrong;
    for (std::size_t at = 0; at < bytes.size() && wrong.empty();) {
        const ssize_t wrote = ::write(file, bytes.data() + at, bytes.size() - at);
        if (wrote >= 0) {
            at += static_cast<std::size_t>(wrote);
        } else if (errno != EINTR) {
            wrong = path + ": " + reason();
        }
    }
    ::close(file);
    return wrong;
}

}  // namespace

asio::awaitable<std::string> append_to_file(Loop loop, std::string url, std::string bytes) {
    const auto work = [](std::string path, std::string text) -> asio::awaitable<std::string> {
        co_return append(path, text);
    };
    co_return co_await asio::co_spawn(loop.blocking, work(path_of(url), std::move(bytes)),
                                      asio::use_awaitable);
}

}  // namespace patchbay
