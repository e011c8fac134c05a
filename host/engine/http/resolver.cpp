#include "engine/http/resolver.hpp"

#include <algorithm>
#include <cstring>
#include <netdb.h>
#include <sys/socket.h>
#include <unordered_map>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

namespace patchbay::http {

namespace {

Resolver::Answer look_up(const std::string& host) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    Resolver::Answer answer;
    const int code = getaddrinfo(host.c_str(), nullptr, &hints, &list);
    if (code != 0) {
        answer.error = gai_strerror(code);
        return answer;
    }
    for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
        boost::asio::ip::tcp::endpoint endpoint;
        if (entry->ai_addrlen > endpoint.capacity()) continue;
        std::memcpy(endpoint.data(), entry->ai_addr, entry->ai_addrlen);
        endpoint.resize(entry->ai_addrlen);
        answer.addresses.push_back(endpoint.address());
    }
    freeaddrinfo(list);
    if (answer.addresses.empty()) answer.error = "no address";
    return answer;
}

}  // namespace

struct Resolver::Impl : std::enable_shared_from_this<Impl> {
    using Clock = std::chrono::steady_clock;
    struct Name {
        Answer answer;
        Clock::time_point expires;
        std::vector<Callback> waiting;  // not empty: a lookup is under way
    };

    Impl(Loop the_loop, std::chrono::milliseconds the_ttl) : loop(the_loop), ttl(the_ttl) {}

    void start(const std::string& host) {
        boost::asio::post(loop.blocking, [weak = weak_from_this(), host, &io = loop.io,
                                          work = boost::asio::make_work_guard(loop.io)]() mutable {
            Answer answer = look_up(host);
            boost::asio::post(io,
                              [weak, host = std::move(host), answer = std::move(answer)]() mutable {
                                  if (auto self = weak.lock())
                                      self->finish(host, std::move(answer));
                              });
        });
    }

    void finish(const std::string& host, Answer answer) {
        Name& name = names[host];
        name.expires =
            Clock::now() + (answer.addresses.empty() ? std::min(ttl, kNegativeTtl) : ttl);
        name.answer = answer;
        for (Callback& done : std::exchange(name.waiting, {})) done(answer);
    }

    /// Makes room for one more name; those being looked up stay.
    void evict(Clock::time_point now) {
        if (names.size() < kMaxNames) return;
        std::erase_if(names, [now](const auto& entry) {
            return entry.second.waiting.empty() && entry.second.expires <= now;
        });
        if (names.size() < kMaxNames) return;
        std::erase_if(names, [](const auto& entry) { return entry.second.waiting.empty(); });
    }

    Loop loop;
    std::chrono::milliseconds ttl;
    std::unordered_map<std::string, Name> names;
};

Resolver::Resolver(Loop loop, std::chrono::milliseconds ttl)
    : impl_(std::make_shared<Impl>(loop, ttl)) {}

Resolver::~Resolver() = default;

void Resolver::resolve(const std::string& host, Callback done) {
    boost::system::error_code ec;
    if (const auto address = boost::asio::ip::make_address(host, ec); !ec) {
        return done({{address}, {}});
    }
    const auto now = Impl::Clock::now();
    auto found = impl_->names.find(host);
    if (found != impl_->names.end() && found->second.waiting.empty() &&
        found->second.expires > now) {
        const Answer answer = found->second.answer;
        return done(answer);
    }
    if (found == impl_->names.end()) {
        impl_->evict(now);
        if (impl_->names.size() >= kMaxNames) return done({{}, "too many names at once"});
        found = impl_->names.try_emplace(host).first;
    }
    found->second.waiting.push_back(std::move(done));
    if (found->second.waiting.size() == 1) impl_->start(host);
}

}  // namespace patchbay::http
