#include "control/service.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/NullStream.h>
#include <Poco/StreamCopier.h>

#include "control/dispatch.hpp"

namespace patchbay::control {

namespace fs = std::filesystem;
using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

namespace {

constexpr int kThreads = 16;
constexpr int kQueued = 64;
constexpr std::streamsize kMaxBody = 1 << 20;

class Handler final : public Poco::Net::HTTPRequestHandler {
  public:
    explicit Handler(Dispatch& dispatch) : dispatch_(dispatch) {}

    void handleRequest(HTTPServerRequest& request, HTTPServerResponse& response) override {
        const std::string& uri = request.getURI();
        const std::size_t mark = uri.find('?');
        Ask ask{.method = request.getMethod() == "HEAD" ? "GET" : request.getMethod(),
                .path = uri.substr(0, mark),
                .query = mark == uri.npos ? "" : uri.substr(mark + 1),
                .text = {},
                .key = Secret(request.get("x-litellm-api-key", "")),
                .address = request.get(kAddressHeader, ""),
                .changed_by = request.get("litellm-changed-by", "")};
        if (ask.path.size() > 1 && ask.path.ends_with('/')) ask.path.pop_back();
        Answer answer;
        if (request.getContentLength() > kMaxBody) {
            // Whoever still writes does not read an answer.
            Poco::NullOutputStream nowhere;
            Poco::StreamCopier::copyStream(request.stream(), nowhere);
            answer = {413, R"({"detail":"The body is larger than 1 MiB"})"};
        } else {
            Poco::StreamCopier::copyToString(request.stream(), ask.text);
            answer = dispatch_.answer(std::move(ask));
        }
        response.setStatus(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(answer.status));
        response.setContentType("application/json");
        response.setContentLength64(static_cast<Poco::Int64>(answer.body.size()));
        response.setKeepAlive(false);
        response.send() << answer.body;
    }

  private:
    Dispatch& dispatch_;
};

class Factory final : public Poco::Net::HTTPRequestHandlerFactory {
  public:
    explicit Factory(Dispatch& dispatch) : dispatch_(dispatch) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(const HTTPServerRequest&) override {
        return new Handler(dispatch_);
    }

  private:
    Dispatch& dispatch_;
};

// Sockets of processes that are gone: one that was killed could not take its own away.
void remove_left_sockets(const fs::path& directory) {
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(directory, ec)) {
        const std::string name = entry.path().filename();
        if (!name.starts_with("control-") || !name.ends_with(".sock")) continue;
        const int pid = std::atoi(name.c_str() + std::strlen("control-"));
        if (pid == getpid() || (pid > 0 && kill(pid, 0) != 0 && errno == ESRCH)) {
            fs::remove(entry.path(), ec);
        }
    }
}

}  // namespace

struct Service::Impl {
    explicit Impl(std::optional<store::Records> records) : dispatch(std::move(records)) {}
    ~Impl() {
        if (server) server->stopAll(true);
        server.reset();
        pool.joinAll();
        std::error_code ec;
        fs::remove(file, ec);
        if (directory >= 0) close(directory);
    }

    Dispatch dispatch;
    Poco::ThreadPool pool{"control", 2, kThreads};
    std::unique_ptr<Poco::Net::HTTPServer> server;
    int directory = -1;  ///< open, so that the socket has a short name whatever the directory's is
    fs::path file;
    std::string socket;
};

Service::Service(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Service::~Service() = default;

void Service::use(Settings settings) {
    impl_->dispatch.use(std::move(settings));
}

const std::string& Service::socket() const {
    return impl_->socket;
}

boost::system::result<std::unique_ptr<Service>, std::string> Service::start(
    const ServiceOptions& options) {
    std::optional<store::Records> records;
    if (!options.store.empty()) {
        auto opened = store::Records::open(options.store, std::string(options.hmac_key.reveal()));
        if (!opened) return options.store.shown() + ": " + opened.error().text;
        records = std::move(*opened);
    }
    std::error_code ec;
    fs::create_directories(options.directory, ec);
    auto impl = std::make_unique<Impl>(std::move(records));
    impl->directory = open(options.directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (impl->directory < 0) {
        return options.directory.string() + ": " + std::strerror(errno);
    }
    remove_left_sockets(options.directory);
    const std::string name = "control-" + std::to_string(getpid()) + ".sock";
    impl->file = options.directory / name;
    // A socket's path has at most 107 bytes.
    impl->socket = "/proc/self/fd/" + std::to_string(impl->directory) + "/" + name;
    try {
        Poco::Net::ServerSocket listener;
        listener.bind(Poco::Net::SocketAddress(Poco::Net::SocketAddress::UNIX_LOCAL, impl->socket),
                      false);
        chmod(impl->file.c_str(), S_IRUSR | S_IWUSR);
        listener.listen(kQueued);
        Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
        params->setMaxThreads(kThreads);
        params->setMaxQueued(kQueued);
        params->setKeepAlive(false);
        params->setTimeout(Poco::Timespan(15, 0));
        impl->server = std::make_unique<Poco::Net::HTTPServer>(new Factory(impl->dispatch),
                                                               impl->pool, listener, params);
        impl->server->start();
    } catch (const Poco::Exception& e) {
        return "the control plane cannot listen on " + impl->file.string() + ": " + e.displayText();
    }
    return std::unique_ptr<Service>(new Service(std::move(impl)));
}

}  // namespace patchbay::control
