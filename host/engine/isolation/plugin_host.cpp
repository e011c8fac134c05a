// One thread, one frame at a time, in the order they came. An answer is sent before the next frame
// is touched, so that when an event takes the process down the answers to those before it are not
// lost, and the gateway can tell which event it was.
#include "engine/isolation/plugin_host.hpp"

#include <cerrno>
#include <csignal>
#include <dlfcn.h>
#include <memory>
#include <span>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <unordered_map>
#include <vector>

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include "contract/actions/no_results.hpp"
#include "contract/actions/recorder.hpp"
#include "engine/isolation/action_codec.hpp"
#include "engine/isolation/event_codec.hpp"
#include "engine/isolation/library_files.hpp"
#include "engine/plugins/instance.hpp"
#include "engine/plugins/plugin.hpp"
#include "engine/plugins/plugin_file.hpp"
#include "engine/sandbox/sandbox.hpp"

namespace patchbay::isolation {

namespace {

// Without the gateway there is nothing left to do, and exit() would run destructors of the plugin.
[[noreturn]] void leave() {
    ::_exit(0);
}

void send_all(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::send(kChildSocket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) leave();
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

/// Sends log lines to the gateway, which writes them into its own log.
class LogSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
  protected:
    void sink_it_(const spdlog::details::log_msg& line) override {
        std::string frame;
        Writer to(frame);
        to.begin(FrameType::log, 0);
        to.number(static_cast<std::uint32_t>(line.level));
        to.text(std::string_view(line.payload.data(), line.payload.size()));
        to.end();
        send_all(frame);
    }
    void flush_() override {}
};

/// Nothing is looked for in what the gateway will look at.
constexpr auto kNoFacts = [](std::string_view, std::string_view) { return AnswerFacts{}; };
const Shape kUnread{.name = "unread", .named_events = false, .scan = kNoFacts};
const Shape kUnreadNamed{.name = "unread", .named_events = true, .scan = kNoFacts};

/// Addresses that stand for the blobs of a request, its body and its parts, which a recorder
/// compares but never reads; the child keeps no copy of them. Blobs may share addresses.
class BlobAddresses {
  public:
    static constexpr std::size_t kSize = std::size_t{1} << 30;
    BlobAddresses() {
        void* space =
            ::mmap(nullptr, kSize, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (space != MAP_FAILED) begin_ = static_cast<const char*>(space);
    }
    /// nullptr size 0 if there is no room for so many.
    std::string_view of(std::size_t size) const {
        return begin_ != nullptr && size <= kSize ? std::string_view(begin_, size)
                                                  : std::string_view();
    }

  private:
    const char* begin_ = nullptr;
};

/// What open said, until the first event brings the sizes of the blobs.
struct Opened {
    std::shared_ptr<const Instance> instance;
    Role role = Role::provider;
    AnswerForm form;
    std::string base_url;
    std::uint32_t attempt = 1;
    std::uint32_t budget_ms = 0;
    std::string request_id;
    std::string traceparent;
};

bool has_results(Role role) {
    return role == Role::provider || role == Role::realtime;
}

struct Exchange {
    Exchange(const Opened& opening, Machine opened, std::string_view blob)
        : instance(opening.instance),
          base_url(opening.base_url),
          results(opening.form.bytes),
          recorder(opening.role, has_results(opening.role) ? &results : nullptr, blob,
                   opening.form.stream, opening.form.named_events ? kUnreadNamed : kUnread),
          writer(recorder.out()),
          machine(std::move(opened)) {
        recorder.limit_egress(instance->egress(), base_url);
    }

    std::shared_ptr<const Instance> instance;
    std::string base_url;
    NoResults results;  // what the recorder is told goes to the gateway as actions
    Recorder recorder;
    ActionWriter writer;
    Machine machine;
};

class Host {
  public:
    explicit Host(std::shared_ptr<const Plugin> plugin) : plugin_(std::move(plugin)) {}

    void handle(const Frame& frame) {
        answer_.clear();
        Reader from(frame.payload);
        switch (frame.type) {
            case FrameType::create:
                create(frame.id, from);
                break;
            case FrameType::open:
                open(frame.id, from);
                break;
            case FrameType::feed:
                feed(frame.id, from);
                break;
            case FrameType::close:
                opened_.erase(frame.id);
                exchanges_.erase(frame.id);
                break;
            default:
                std::abort();  // the gateway does not send anything else
        }
        send_all(answer_);
        if (answer_.capacity() > kKeptBytes) std::string().swap(answer_);
    }

  private:
    static constexpr std::size_t kKeptBytes = 1u << 20;

    void create(std::uint32_t id, Reader& from) {
        const std::string kind(from.view());
        const std::string component(from.view());
        const bay_str name = from.text();
        const bay_str config = from.text();
        EgressList egress;
        for (std::size_t left = from.count(sizeof(std::uint64_t)); left > 0; --left) {
            egress.again(from.view());
        }
        const bay_create_info info{.size = sizeof info,
                                   .flags = 0,
                                   .component = {component.data(), component.size()},
                                   .name = name,
                                   .config = config};
        const bay_kind* table = plugin_->kind(kind);
        std::shared_ptr<const ComponentStats> stats;
        for (const auto& known : plugin_->manifest().components) {
            if (known.kind == kind && known.id == component) stats = plugin_->stats(known);
        }
        Diagnostics diagnostics;
        bay_instance* raw = nullptr;
        bay_status status = BAY_E_UNSUPPORTED;
        if (table != nullptr && stats) status = table->create(&info, diagnostics.table(), &raw);
        if (status == BAY_OK && raw == nullptr) status = BAY_E_INTERNAL;
        if (status == BAY_OK) {
            instances_[id] =
                std::make_shared<const Instance>(*table, raw, stats, plugin_, std::move(egress));
        }
        Writer to(answer_);
        to.begin(FrameType::created, id);
        to.number(status);
        to.number(std::uint64_t{diagnostics.items().size()});
        for (const auto& item : diagnostics.items()) {
            to.number(static_cast<std::uint8_t>(item.error));
            to.text(std::string_view(item.pointer));
            to.text(std::string_view(item.message));
        }
        to.end();
    }

    void open(std::uint32_t id, Reader& from) {
        Opened opened;
        const auto found = instances_.find(from.number<std::uint32_t>());
        if (found != instances_.end()) opened.instance = found->second;
        opened.role = static_cast<Role>(from.number<std::uint8_t>());
        opened.form.stream = from.number<std::uint8_t>() != 0;
        opened.form.bytes = from.number<std::uint8_t>() != 0;
        opened.form.named_events = from.number<std::uint8_t>() != 0;
        opened.base_url = from.view();
        opened.attempt = from.number<std::uint32_t>();
        opened.budget_ms = from.number<std::uint32_t>();
        opened.request_id = from.view();
        opened.traceparent = from.view();
        opened_.insert_or_assign(id, std::move(opened));
    }

    /// The exchange, opened on its first event; nullptr if the plugin would not.
    Exchange* exchange(std::uint32_t id, std::size_t body_size, std::span<const bay_part> parts) {
        const auto known = exchanges_.find(id);
        if (known != exchanges_.end()) return known->second.get();
        const auto node = opened_.extract(id);
        if (node.empty() || !node.mapped().instance) return nullptr;
        const Opened& opened = node.mapped();
        bay_open_info info{};
        info.size = sizeof info;
        info.request_id = {opened.request_id.data(), opened.request_id.size()};
        info.traceparent = {opened.traceparent.data(), opened.traceparent.size()};
        info.attempt = opened.attempt;
        info.budget_ms = opened.budget_ms;
        auto machine = Machine::open(*opened.instance, info);
        if (!machine) return nullptr;
        Exchange* const x =
            exchanges_
                .emplace(id, std::make_unique<Exchange>(opened, std::move(*machine),
                                                        blob_addresses_.of(body_size)))
                .first->second.get();
        for (const bay_part& part : parts) {
            x->recorder.add_part(blob_addresses_.of(part.length));
        }
        return x;
    }

    void feed(std::uint32_t id, Reader& from) {
        const auto call = from.number<std::uint32_t>();
        const bool live = from.number<std::uint8_t>() != 0;
        const bool idle = from.number<std::uint8_t>() != 0;
        const auto pending = from.number<std::uint32_t>();
        const auto body_size = from.number<std::uint64_t>();
        ReadEvent event;
        if (!event.read(from)) std::abort();  // the gateway does not write what it cannot read
        Exchange* x = exchange(id, body_size, event.parts());
        Writer to(answer_);
        to.begin(FrameType::fed, id);
        if (x == nullptr) {
            to.number(std::int32_t{BAY_E_INTERNAL});
            to.number(std::uint8_t{0});
        } else {
            x->recorder.begin_event(call, live, pending);
            x->recorder.begin_socket_event(event.event(), 0);
            if (event.event().type == BAY_EV_INSPECT) {
                const auto& inspect = reinterpret_cast<const bay_ev_inspect&>(event.event());
                x->recorder.notes().clear();  // as the gateway took them with the verdict before
                x->recorder.ask({.stream = inspect.stage == BAY_STAGE_STREAM,
                                 .last = (inspect.flags & BAY_INSPECT_LAST) != 0,
                                 .texts = inspect.text_count},
                                idle);
            }
            if (event.event().type == BAY_EV_CANCEL) x->recorder.begin_cancel();
            const std::size_t status_at = answer_.size();
            to.number(std::int32_t{0});
            to.number(std::uint8_t{1});
            const bay_status status = x->machine.feed(event.event(), x->writer.begin(to));
            std::memcpy(answer_.data() + status_at, &status, sizeof status);
            // The gateway performs them now.
            x->recorder.sent();
            x->recorder.actions().clear();
            x->recorder.detached().clear();
            x->recorder.aborts().clear();
            x->recorder.shared_drops().clear();
            x->recorder.denied().clear();
        }
        to.end();
    }

    std::shared_ptr<const Plugin> plugin_;
    BlobAddresses blob_addresses_;
    std::unordered_map<std::uint32_t, std::shared_ptr<const Instance>> instances_;
    std::unordered_map<std::uint32_t, Opened> opened_;
    std::unordered_map<std::uint32_t, std::unique_ptr<Exchange>> exchanges_;
    std::string answer_;
};

/// Frames from the socket, one after the other. The views of one are valid until the next.
class Input {
  public:
    Frame next() {
        begin_ += taken_;
        taken_ = 0;
        for (;;) {
            Frame frame;
            const auto status =
                take_frame(std::string_view(bytes_.data() + begin_, end_ - begin_), frame);
            if (status == FrameStatus::whole) {
                taken_ = frame.size;
                return frame;
            }
            if (status == FrameStatus::bad) std::abort();
            read_more();
        }
    }

  private:
    static constexpr std::size_t kPiece = 64u << 10;
    static constexpr std::size_t kKept = 4u << 20;

    void read_more() {
        if (begin_ == end_) {
            begin_ = end_ = 0;
            if (bytes_.size() > kKept) std::vector<char>(kPiece).swap(bytes_);
        } else if (begin_ > 0) {
            std::memmove(bytes_.data(), bytes_.data() + begin_, end_ - begin_);
            end_ -= begin_;
            begin_ = 0;
        }
        if (bytes_.size() - end_ < kPiece) bytes_.resize(2 * bytes_.size() + kPiece);
        ssize_t n = 0;
        do {
            n = ::recv(kChildSocket, bytes_.data() + end_, bytes_.size() - end_, 0);
        } while (n < 0 && errno == EINTR);
        if (n <= 0) leave();
        end_ += static_cast<std::size_t>(n);
    }

    std::vector<char> bytes_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::size_t taken_ = 0;
};

void say_ready(std::string_view wrong) {
    std::string frame;
    Writer to(frame);
    to.begin(FrameType::ready, 0);
    to.text(std::string_view(PATCHBAY_VERSION));
    to.text(wrong);
    to.end();
    send_all(frame);
}

/// Loads the plugin behind the filter: neither it nor a library that it brings runs a single
/// instruction, and the dynamic linker does not look at their bytes, before it is set.
std::string load_confined(const std::string& path, const std::string& sha256,
                          std::shared_ptr<const Plugin>& plugin) {
    auto file = inspect_private_copy(path, sha256);
    if (!file) return file.error();
    const auto open = open_library_files(path);
    if (!open) return open.error();
    // What lists of processes show: the last of the words of the plugin's id, 15 bytes of it.
    const std::string& id = file->manifest.id;
    ::prctl(PR_SET_NAME, id.c_str() + id.rfind('.') + 1);
    if (auto wrong = forbid_system_calls(kChildSocket); !wrong.empty()) return wrong;
    for (const int library : open->libraries) {
        if (::dlopen(loadable_name(library).c_str(), RTLD_NOW | RTLD_LOCAL) == nullptr)
            return ::dlerror();
    }
    file->copy = loadable_name(open->plugin);
    auto loaded = Plugin::load(*file);
    if (!loaded) return loaded.error();
    plugin = std::move(*loaded);
    return {};
}

}  // namespace

void serve_plugin(const std::string& path, const std::string& sha256, int level) {
    std::string wrong = confine_process(kChildSocket);
    const auto logger = std::make_shared<spdlog::logger>("", std::make_shared<LogSink>());
    logger->set_level(static_cast<spdlog::level::level_enum>(level));
    logger->flush_on(spdlog::level::off);
    spdlog::set_default_logger(logger);

    std::shared_ptr<const Plugin> plugin;
    if (wrong.empty()) wrong = load_confined(path, sha256, plugin);
    end_loading();
    say_ready(wrong);
    if (!wrong.empty()) ::_exit(1);
    Host host(std::move(plugin));
    for (Input input;;) host.handle(input.next());
}

}  // namespace patchbay::isolation
