#include "engine/isolation/plugin_child.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "engine/isolation/child_service.hpp"
#include "engine/plugins/crash_report.hpp"
#include "engine/plugins/host_services.hpp"

namespace patchbay::isolation {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kReadPiece = 64u << 10;
constexpr std::size_t kKeptBuffer = 1u << 20;
constexpr int kReadsAtOnce = 16;
// A process that lived for so many pauses starts over with the shortest.
constexpr int kHealthyPauses = 10;
// So does one that did so much work: a plugin that crashes now and then must not cost its other
// calls more, the more of them there are.
constexpr int kHealthyAnswers = 20;

std::string describe(std::uint32_t event) {
    const char* name = event_name(event);
    return name != nullptr ? name : "event " + std::to_string(event);
}

}  // namespace

PluginChild::PluginChild(Loop loop, std::shared_ptr<const ChildSpec> spec)
    : loop_(loop),
      spec_(std::move(spec)),
      socket_(loop.io),
      watchdog_(loop.deadlines, [this] { no_answer(); }),
      restart_(loop.io) {}

PluginChild::~PluginChild() = default;

void PluginChild::adopt(IsolatedPlugin::Ready ready) {
    known_instances_ = ready.instances;
    state_ = State::up;
    up_since_ = Clock::now();
    answers_ = 0;
    use_socket(std::move(ready.process));
}

std::shared_ptr<RemoteMachine> PluginChild::open(const Instance& instance, Role role,
                                                 AnswerForm form, std::string_view base_url,
                                                 const bay_open_info& info) {
    if (state_ == State::stopped) return nullptr;
    if (state_ == State::down) {
        const auto now = Clock::now();
        if (now + kWorthWaiting < back_at_) return nullptr;
        if (now >= back_at_) start();
    }
    do {
        ++last_id_;
    } while (last_id_ == 0 || machines_.contains(last_id_));
    std::string frame;
    Writer to(frame);
    to.begin(FrameType::open, last_id_);
    to.number(instance.id_at_home());
    to.number(static_cast<std::uint8_t>(role));
    to.number(static_cast<std::uint8_t>(form.stream));
    to.number(static_cast<std::uint8_t>(form.bytes));
    to.number(static_cast<std::uint8_t>(form.named_events));
    to.text(base_url);
    to.number(info.attempt);
    to.number(info.budget_ms);
    to.text(info.request_id);
    to.text(info.traceparent);
    to.end();
    auto machine =
        std::make_shared<RemoteMachine>(shared_from_this(), instance, last_id_, std::move(frame));
    machines_.emplace(last_id_, machine.get());
    return machine;
}

void PluginChild::start() {
    state_ = State::starting;
    // Starting a process waits for the system; not on this loop.
    asio::post(loop_.blocking, [self = weak_from_this(), spec = spec_, &io = loop_.io] {
        auto process = std::make_shared<boost::system::result<ChildProcess, std::string>>(
            spec->options.fork_server->start(spec->file, spec->sha256));
        asio::post(io, [self, process] {
            if (const auto child = self.lock()) child->started(std::move(*process));
        });
    });
    watchdog_.arm(spec_->options.start_limit);
}

void PluginChild::started(boost::system::result<ChildProcess, std::string> process) {
    if (state_ != State::starting || process_) return;
    if (!process) return lost(process.error());
    known_instances_ = 0;
    use_socket(std::move(*process));
}

void PluginChild::use_socket(ChildProcess process) {
    process_.emplace(std::move(process));
    ++generation_;
    boost::system::error_code ec;
    socket_.assign(asio::local::stream_protocol(), process_->release_socket(), ec);
    socket_.non_blocking(true, ec);
    // Instances first; events that were waiting for the process follow.
    std::string creates;
    const auto instances = spec_->instances();
    for (; known_instances_ < instances.size(); ++known_instances_) {
        write_create(creates, known_instances_, instances[known_instances_]);
    }
    out_.replace(0, out_begin_, creates);
    out_begin_ = 0;
    write();
    read();
}

void PluginChild::read() {
    socket_.async_wait(
        asio::local::stream_protocol::socket::wait_read,
        [self = shared_from_this(), generation = generation_](boost::system::error_code ec) {
            if (ec || generation != self->generation_) return;
            if (self->read_some()) self->read();
        });
}

bool PluginChild::read_some() {
    for (int i = 0; i < kReadsAtOnce; ++i) {
        const std::size_t before = in_.size();
        in_.resize(before + kReadPiece);
        const ssize_t n = ::recv(socket_.native_handle(), in_.data() + before, kReadPiece, 0);
        in_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) break;
        if (n <= 0) {
            lost("");
            return false;
        }
        if (!take_frames()) return false;
        if (static_cast<std::size_t>(n) < kReadPiece) break;
    }
    return true;
}

bool PluginChild::take_frames() {
    Frame frame;
    for (;;) {
        const FrameStatus status = take_frame(std::string_view(in_).substr(in_begin_), frame);
        if (status == FrameStatus::more) break;
        if (status == FrameStatus::bad || !take_frame_of(frame)) {
            lost("it sent something that makes no sense");
            return false;
        }
        in_begin_ += frame.size;
    }
    in_.erase(0, in_begin_);
    in_begin_ = 0;
    if (in_.empty() && in_.capacity() > kKeptBuffer) std::string().swap(in_);
    return true;
}

bool PluginChild::take_frame_of(const Frame& frame) {
    switch (frame.type) {
        case FrameType::ready: {
            Reader from(frame.payload);
            if (state_ != State::starting || from.view() != PATCHBAY_VERSION) return false;
            if (!from.view().empty() || from.failed()) return false;
            state_ = State::up;
            up_since_ = Clock::now();
            answers_ = 0;
            watch();
            return true;
        }
        case FrameType::created: {
            Reader from(frame.payload);
            return from.number<std::int32_t>() == BAY_OK && !from.failed();
        }
        case FrameType::log:
            log_line(spec_->plugin_id, frame.payload);
            return true;
        case FrameType::fed:
            return take_answer(frame);
        default:
            return false;
    }
}

bool PluginChild::take_answer(const Frame& frame) {
    if (owed_.empty() || owed_.front().machine != frame.id ||
        frame.payload.size() < sizeof(std::int32_t) + 1) {
        return false;
    }
    owed_.pop_front();
    ++answers_;
    watch();
    const auto found = machines_.find(frame.id);
    if (found == machines_.end()) return true;  // closed meanwhile
    RemoteMachine& machine = *found->second;
    machine.answer_.assign(frame.payload);
    machine.state_ = RemoteMachine::State::answered;
    machine.wake();
    return true;
}

void PluginChild::send(std::string_view frames) {
    if (state_ == State::stopped) return;
    out_.append(frames);
    if (process_ && !writing_) write();
}

void PluginChild::write() {
    while (out_begin_ < out_.size()) {
        const ssize_t n = ::send(socket_.native_handle(), out_.data() + out_begin_,
                                 out_.size() - out_begin_, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n > 0) {
            out_begin_ += static_cast<std::size_t>(n);
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN) break;  // it is gone: reading finds that out
        writing_ = true;
        socket_.async_wait(
            asio::local::stream_protocol::socket::wait_write,
            [self = shared_from_this(), generation = generation_](boost::system::error_code ec) {
                if (ec || generation != self->generation_) return;
                self->writing_ = false;
                self->write();
            });
        return;
    }
    out_begin_ = 0;
    out_.clear();
    if (out_.capacity() > kKeptBuffer) std::string().swap(out_);
}

void PluginChild::watch() {
    if (owed_.empty()) {
        watchdog_.disarm();
    } else {
        watchdog_.arm(owed_.front().budget);
    }
}

void PluginChild::no_answer() {
    if (state_ == State::up) {
        // If it was this loop that was late, the answer is there.
        const std::size_t owed = owed_.size();
        if (!read_some()) return;
        if (owed_.size() < owed || owed_.empty()) return watch();
    }
    const auto limit = state_ == State::up ? owed_.front().budget : spec_->options.start_limit;
    lost("it did not answer within " + std::to_string(limit.count()) + " ms");
}

void PluginChild::lost(const std::string& why) {
    const bool was_up = state_ == State::up;
    const auto now = Clock::now();
    const bool healthy =
        was_up && (now - up_since_ >= kHealthyPauses * pause_ || answers_ >= kHealthyAnswers);
    const auto longest = was_up ? kWorthWaiting : kLongestPause;
    pause_ = healthy || pause_.count() == 0 ? kFirstPause : std::min(2 * pause_, longest);
    back_at_ = now + pause_;
    state_ = State::down;
    ++generation_;
    boost::system::error_code ignored;
    socket_.close(ignored);
    watchdog_.disarm();
    out_.clear();
    out_begin_ = 0;
    in_.clear();
    in_begin_ = 0;
    writing_ = false;

    const auto owed = std::exchange(owed_, {});
    const std::uint32_t culprit = was_up && !owed.empty() ? owed.front().machine : 0;
    // Those that have not begun start over, in the order they came; that ends, because every loss
    // takes the call at fault with it.
    std::vector<RemoteMachine*> dead;
    // The one at fault may have been left meanwhile: its client would not wait. Nobody else is
    // told.
    const bool left = culprit != 0 && !machines_.contains(culprit);
    if (left && !owed.front().large) count_fault(*owed.front().stats);
    const bool soon = was_up && pause_ <= kWorthWaiting;
    for (const Owed& one : owed) {
        const auto found = machines_.find(one.machine);
        if (!soon || found == machines_.end() || one.machine == culprit) continue;
        RemoteMachine& machine = *found->second;
        if (machine.first_.empty()) continue;
        out_.append(machine.first_);
        owed_.push_back(one);
    }
    const auto waits = [&](const RemoteMachine& machine) {
        return !machine.sent_ || std::any_of(owed_.begin(), owed_.end(), [&](const Owed& o) {
            return o.machine == machine.id_;
        });
    };
    for (const auto& [id, machine] : machines_) {
        if (!waits(*machine)) dead.push_back(machine);
    }
    for (const RemoteMachine* machine : dead) machines_.erase(machine->id_);

    std::string where;
    if (culprit != 0) {
        where = ", component " + owed.front().stats->component + ", feed(" +
                describe(owed.front().event) + ")";
    }
    const std::string line = "crash in plugin " + spec_->plugin_id + where + ", in its own process";
    const std::string tail = ", sha256 " + spec_->sha256 +
                             "; calls lost: " + std::to_string(dead.size()) +
                             ", starting again in " + std::to_string(pause_.count()) + " ms";
    if (process_) {
        auto process = std::make_shared<ChildProcess>(std::move(*process_));
        process_.reset();
        asio::post(loop_.blocking, [process, line, why, tail] {
            const int status = process->stop();
            spdlog::error("{}, {}{}", line, why.empty() ? cause_of_end(status) : why, tail);
        });
    } else {
        spdlog::error("{}, {}{}", line, why, tail);
    }
    restart_.expires_at(back_at_);
    restart_.async_wait([self = weak_from_this()](boost::system::error_code ec) {
        const auto child = self.lock();
        if (!ec && child && child->state_ == State::down && !child->machines_.empty())
            child->start();
    });
    // Last, because they may open machines and close others. One at a time and by number, because
    // any of them may be gone when its turn comes.
    for (RemoteMachine* machine : dead) {
        auto handler = std::exchange(machine->lost_handler_, nullptr);
        const bool mine = machine->id_ == culprit;
        asio::post(loop_.io, [handler = std::move(handler), mine] {
            if (handler) handler(mine);
        });
        machine->close();
    }
}

void PluginChild::stop() {
    if (state_ == State::stopped) return;
    state_ = State::stopped;
    ++generation_;
    boost::system::error_code ignored;
    socket_.close(ignored);
    watchdog_.disarm();
    restart_.cancel();
    owed_.clear();
    out_.clear();
    out_begin_ = 0;
    process_.reset();
    const auto all = std::exchange(machines_, {});
    for (const auto& [id, machine] : all) {
        auto handler = std::exchange(machine->lost_handler_, nullptr);
        machine->close();
        if (handler) handler(false);
    }
}

}  // namespace patchbay::isolation
