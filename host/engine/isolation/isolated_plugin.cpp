#include "engine/isolation/isolated_plugin.hpp"

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "engine/isolation/child_service.hpp"
#include "engine/isolation/wire.hpp"
#include "engine/plugins/plugin.hpp"

namespace patchbay::isolation {

namespace {

using boost::system::in_place_error;
using Clock = std::chrono::steady_clock;

/// More than any process has to say while it is started, bytes.
constexpr std::size_t kMaxAnswer = 16u << 20;

/// Blocking frames of one process, with a time limit.
class Conversation {
  public:
    Conversation(ChildProcess& process, std::chrono::milliseconds limit, std::string plugin_id)
        : process_(process), limit_(limit), plugin_id_(std::move(plugin_id)) {}

    /// Sends all of it; false if the process is gone or does not read.
    bool send(std::string_view bytes) {
        const auto deadline = Clock::now() + limit_;
        while (!bytes.empty()) {
            const ssize_t n =
                ::send(process_.socket(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (n > 0) {
                bytes.remove_prefix(static_cast<std::size_t>(n));
            } else if (n < 0 && errno == EAGAIN) {
                if (!wait(POLLOUT, deadline)) return false;
            } else if (!(n < 0 && errno == EINTR)) {
                return false;
            }
        }
        return true;
    }

    /// The next frame of this type; log lines before it are logged. nullopt: see why().
    std::optional<std::string> receive(FrameType type) {
        const auto deadline = Clock::now() + limit_;
        for (;;) {
            Frame frame;
            const FrameStatus status = take_frame(bytes_, frame);
            if (status == FrameStatus::bad) return std::nullopt;
            if (status == FrameStatus::whole) {
                const FrameType found = frame.type;
                std::string payload(frame.payload);
                bytes_.erase(0, frame.size);
                if (found == type) return payload;
                if (found == FrameType::log) log_line(plugin_id_, payload);
                continue;
            }
            if (!wait(POLLIN, deadline)) return std::nullopt;
            char piece[16384];
            const ssize_t n = ::recv(process_.socket(), piece, sizeof piece, MSG_DONTWAIT);
            if (bytes_.size() > kMaxAnswer) return std::nullopt;
            if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) return std::nullopt;
            if (n > 0) bytes_.append(piece, static_cast<std::size_t>(n));
        }
    }

    bool timed_out() const { return timed_out_; }

    /// Ends the process and says how it failed.
    std::string why() {
        if (!timed_out_) return "ended its process: " + cause_of_end(process_.stop());
        process_.stop();
        return "did not answer within " + std::to_string(limit_.count()) + " ms";
    }

  private:
    bool wait(short what, Clock::time_point deadline) {
        for (;;) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
            pollfd one{process_.socket(), what, 0};
            const int n = ::poll(&one, 1, static_cast<int>(std::max<long long>(left.count(), 0)));
            if (n > 0) return true;
            if (n < 0 && errno == EINTR) continue;
            timed_out_ = true;
            return false;
        }
    }

    ChildProcess& process_;
    std::chrono::milliseconds limit_;
    std::string plugin_id_;
    std::string bytes_;
    bool timed_out_ = false;
};

}  // namespace

std::vector<InstanceSpec> ChildSpec::instances() const {
    const std::lock_guard lock(mutex_);
    return instances_;
}

std::uint32_t ChildSpec::add(InstanceSpec instance) {
    const std::lock_guard lock(mutex_);
    instances_.push_back(std::move(instance));
    return static_cast<std::uint32_t>(instances_.size() - 1);
}

void write_create(std::string& to, std::uint32_t id, const InstanceSpec& instance) {
    Writer writer(to);
    writer.begin(FrameType::create, id);
    for (const std::string* text :
         {&instance.kind, &instance.component, &instance.name, &instance.config})
        writer.text(std::string_view(*text));
    writer.number(std::uint64_t{instance.egress.size()});
    for (const std::string& entry : instance.egress) writer.text(std::string_view(entry));
    writer.end();
}

boost::system::result<std::unique_ptr<IsolatedPlugin>, std::string> IsolatedPlugin::start(
    const IsolationOptions& options, const PluginFile& file) {
    std::unique_ptr<IsolatedPlugin> plugin(
        new IsolatedPlugin(std::make_shared<ChildSpec>(options, file)));
    if (auto wrong = plugin->start_process(); !wrong.empty())
        return {in_place_error, std::move(wrong)};
    return plugin;
}

std::string IsolatedPlugin::start_process() {
    auto process = spec_->options.fork_server->start(spec_->file, spec_->sha256);
    if (!process) return process.error();
    Conversation talk(*process, spec_->options.start_limit, spec_->plugin_id);
    const auto answer = talk.receive(FrameType::ready);
    if (!answer) return "loading it in a process of its own: " + talk.why();
    Reader from(*answer);
    if (from.view() != PATCHBAY_VERSION) {
        return spec_->options.fork_server->program().string() +
               " is of another version than this program";
    }
    if (const auto wrong = from.view(); !wrong.empty()) return std::string(wrong);
    ready_.emplace(Ready{std::move(*process), 0});
    return {};
}

boost::system::result<std::uint32_t, bay_status> IsolatedPlugin::create(InstanceSpec instance,
                                                                        Diagnostics& diagnostics) {
    const std::lock_guard lock(mutex_);
    const auto report = [&](std::uint32_t severity, bay_str pointer, std::string_view message) {
        diagnostics.table()->report(diagnostics.table(), severity, pointer,
                                    {message.data(), message.size()});
    };
    const auto failed = [&](const std::string& message) {
        ready_.reset();
        report(BAY_LOG_ERROR, {"", 0}, message);
        return boost::system::result<std::uint32_t, bay_status>(in_place_error, BAY_E_INTERNAL);
    };
    if (Clock::now() < hung_until_) return failed("did not answer before, and is not asked again");
    if (!ready_) {
        if (auto wrong = start_process(); !wrong.empty()) return failed(wrong);
    }
    // A process that was started anew is short of the instances before; they are not needed to find
    // out about this one, and a process with gaps is not handed on.
    Conversation talk(ready_->process, spec_->options.start_limit, spec_->plugin_id);
    const auto id = static_cast<std::uint32_t>(spec_->instances().size());
    std::string frame;
    write_create(frame, id, instance);
    if (!talk.send(frame)) return failed(talk.why());
    const auto answer = talk.receive(FrameType::created);
    if (!answer && talk.timed_out()) hung_until_ = Clock::now() + kRestAfterHang;
    if (!answer) return failed(talk.why());
    Reader from(*answer);
    const auto status = from.number<std::int32_t>();
    const std::size_t items = from.count(1 + 2 * sizeof(std::uint64_t));
    for (std::size_t i = 0; i < items; ++i) {
        const bool error = from.number<std::uint8_t>() != 0;
        const bay_str pointer = from.text();
        report(error ? std::uint32_t{BAY_LOG_ERROR} : std::uint32_t{BAY_LOG_WARN}, pointer,
               from.view());
    }
    if (from.failed()) return failed("sent an answer that makes no sense");
    if (status != BAY_OK) return {in_place_error, status};
    if (ready_->instances == id) ready_->instances = id + 1;
    return {boost::system::in_place_value, spec_->add(std::move(instance))};
}

std::optional<IsolatedPlugin::Ready> IsolatedPlugin::take_ready() {
    const std::lock_guard lock(mutex_);
    std::optional<Ready> taken;
    if (ready_ && ready_->instances == spec_->instances().size()) taken = std::move(ready_);
    ready_.reset();
    return taken;
}

void IsolatedPlugin::add_loop(std::shared_ptr<LoopLink> link) {
    const std::lock_guard lock(mutex_);
    loops_.push_back(std::move(link));
}

IsolatedPlugin::~IsolatedPlugin() {
    for (const auto& link : loops_) {
        const std::lock_guard lock(link->mutex);
        if (link->io == nullptr) continue;
        boost::asio::post(*link->io, [io = link->io, spec = spec_] {
            boost::asio::use_service<ChildService>(*io).drop(*spec);
        });
    }
}

MakeHome homes(IsolationOptions options) {
    return
        [options = std::move(options)](
            const PluginFile& file) -> boost::system::result<std::unique_ptr<Home>, std::string> {
            auto started = IsolatedPlugin::start(options, file);
            if (!started) return {boost::system::in_place_error, started.error()};
            return {boost::system::in_place_value, std::move(*started)};
        };
}

}  // namespace patchbay::isolation
