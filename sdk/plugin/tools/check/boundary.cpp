#include "boundary.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>

#include "ordered_recorder.hpp"
#include "patchbay/logger.h"
#include "patchbay/sdk/text.hpp"
#include "progress.hpp"
#include "test_host.hpp"

namespace patchbay::check {

thread_local std::size_t Boundary::turn = 0;

void Turns::enter(std::size_t me) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return next_ == me; });
}

void Turns::leave() {
    const std::lock_guard lock(mutex_);
    advance();
}

void Turns::quit(std::size_t me) {
    const std::lock_guard lock(mutex_);
    alive_[me] = false;
    if (next_ == me) advance();
}

void Turns::advance() {
    for (std::size_t i = 0; i < alive_.size(); ++i) {
        next_ = (next_ + 1) % alive_.size();
        if (alive_[next_]) break;
    }
    changed_.notify_all();
}

namespace {

// A copy of a struct that begins with its size, in memory as the boundary wants it.
class Copy {
  public:
    Copy() = default;
    Copy(const Copy&) = delete;
    Copy& operator=(const Copy&) = delete;
    ~Copy() {
        if (memory_) munmap(memory_, 2 * page());
    }

    template <class T>
    T* of(const T* from, std::uint32_t size) {
        const Boundary& b = boundary();
        if (!b.exact && b.pad == 0) return const_cast<T*>(from);
        map();
        char* to = memory_;
        std::uint32_t said = size;
        if (b.exact) {
            to += page() - size;
        } else {
            said += static_cast<std::uint32_t>(b.pad);
            std::memset(to + size, 0xFF, b.pad);
        }
        std::memcpy(to, from, size);
        std::memcpy(to, &said, sizeof said);
        return reinterpret_cast<T*>(to);
    }

  private:
    static std::size_t page() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }
    void map() {
        if (memory_) return;
        void* memory =
            mmap(nullptr, 2 * page(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) throw std::bad_alloc();
        memory_ = static_cast<char*>(memory);
        mprotect(memory_ + page(), page(), PROT_NONE);
    }
    char* memory_ = nullptr;
};

/// Sizes of structs that grew, in a host of boundary().minor.
std::uint32_t size_then(const bay_event* event) {
    if (boundary().minor < 3 && event->type == BAY_EV_REQUEST) return offsetof(bay_ev_request, ids);
    if (boundary().minor < 3 && event->type == BAY_EV_REFRESH)
        return offsetof(bay_ev_refresh, target);
    return event->size;
}
std::uint32_t size_then(const bay_out* out) {
    return boundary().minor < 3 ? std::uint32_t{offsetof(bay_out, head)} : out->size;
}

struct Instance {
    const bay_kind* kind;
    bay_instance* real;
};

struct Exchange {
    const bay_kind* kind;
    bay_exchange* real;
    std::size_t fed = 0;
    // Here, so that a feed need not map memory.
    Copy event, target, out;
};

Exchange& self(bay_exchange* x) {
    return *reinterpret_cast<Exchange*>(x);
}

// Runs `call`, perhaps on another thread; that of the player waits.
void cross(const std::function<void()>& call) {
    if (!boundary().migrate) return call();
    static transcript::TestHost unused;
    transcript::TestHost& host = transcript::TestHost::here(unused);
    std::thread([&] {
        const transcript::TestHost::Bind bind(host);
        call();
    }).join();
}

std::mutex control;  // create() and destroy() come one at a time
std::map<std::string, Instance> shared;

bay_status make(const bay_kind* kind, const bay_create_info* info, bay_diag* diag,
                bay_instance** out) {
    const std::lock_guard lock(control);
    const std::string key =
        std::string(bay::sv(info->component)) + '\0' + std::string(bay::sv(info->config));
    if (boundary().share) {
        if (const auto found = shared.find(key); found != shared.end()) {
            *out = reinterpret_cast<bay_instance*>(&found->second);
            return BAY_OK;
        }
    }
    bay_instance* real = nullptr;
    bay_status status = BAY_OK;
    Copy info_copy, diag_copy;
    cross([&] {
        const Inside inside("create");
        status =
            kind->create(info_copy.of(info, info->size), diag_copy.of(diag, diag->size), &real);
    });
    if (status != BAY_OK || !real) return status != BAY_OK ? status : BAY_E_INTERNAL;
    Instance* made = boundary().share ? &(shared[key] = {kind, real}) : new Instance{kind, real};
    *out = reinterpret_cast<bay_instance*>(made);
    return BAY_OK;
}

void destroy(bay_instance* given) noexcept {
    if (boundary().share) return;  // ends with the process
    const std::lock_guard lock(control);
    const std::unique_ptr<Instance> instance(reinterpret_cast<Instance*>(given));
    cross([&] {
        const Inside inside("destroy");
        instance->kind->destroy(instance->real);
    });
}

bay_status open(bay_instance* given, const bay_open_info* info, bay_exchange** out) noexcept {
    const Instance& instance = *reinterpret_cast<Instance*>(given);
    bay_exchange* real = nullptr;
    bay_status status = BAY_OK;
    Copy copy;
    cross([&] {
        const Inside inside("open");
        status = instance.kind->open(instance.real, copy.of(info, info->size), &real);
    });
    if (!boundary().turns && !boundary().migrate && !boundary().share) boundary().feed_ms.clear();
    if (status != BAY_OK || !real) return status != BAY_OK ? status : BAY_E_INTERNAL;
    *out = reinterpret_cast<bay_exchange*>(new Exchange{instance.kind, real, 0, {}, {}, {}});
    return BAY_OK;
}

// Feeds what nobody asked for, or the CANCEL that was asked for, and records what comes of it.
void intrude(Exchange& x, transcript::OrderedRecorder& recorder) {
    Boundary& b = boundary();
    alignas(8) char bytes[256] = {};
    const bay_event head{b.intruder == BAY_EV_CANCEL ? std::uint32_t{sizeof(bay_ev_cancel)}
                                                     : std::uint32_t{sizeof bytes},
                         b.intruder};
    std::memcpy(bytes, &head, sizeof head);
    if (b.intruder == BAY_EV_CANCEL) {
        bay_ev_cancel cancel{head, 1};
        std::memcpy(bytes, &cancel, sizeof cancel);
    }
    if (b.intruder == BAY_EV_CANCEL) recorder.begin_cancel();
    recorder.written.push_back({.kind = "intruder"});  // no action joins one before it
    const auto before = static_cast<std::ptrdiff_t>(recorder.written.size());
    const Inside inside("feed", b.intruder);
    b.intruder_status =
        x.kind->feed(x.real, reinterpret_cast<const bay_event*>(bytes), &recorder.out());
    b.intruder_did.assign(recorder.written.begin() + before, recorder.written.end());
    b.intruded = true;
}

// The records of a batch, each across the boundary.
struct Records {
    explicit Records(const bay_ev_batch& from) : batch(from), copies(from.record_count) {
        for (std::size_t i = 0; i < copies.size(); ++i) {
            pointers.push_back(copies[i].of(from.records[i], from.records[i]->size));
        }
        batch.records = pointers.data();
    }
    bay_ev_batch batch;
    std::vector<Copy> copies;
    std::vector<const bay_record*> pointers;
};

bay_status feed_real(Exchange& x, const bay_event* event, bay_out* out) {
    std::optional<Records> records;
    if (event->type == BAY_EV_BATCH) {
        records.emplace(*reinterpret_cast<const bay_ev_batch*>(event));
        event = &records->batch.h;
    }
    bay_ev_request with_target;
    if (event->type == BAY_EV_REQUEST) {
        std::memcpy(&with_target, event, sizeof with_target);
        if (with_target.target) {
            with_target.target = x.target.of(with_target.target, with_target.target->size);
        }
        event = &with_target.h;
    }
    const bay_event* given = x.event.of(event, size_then(event));
    bay_out* given_out = x.out.of(out, size_then(out));
    const auto start = std::chrono::steady_clock::now();
    bay_status status;
    {
        const Inside inside("feed", event->type);
        status = x.kind->feed(x.real, given, given_out);
    }
    if (Boundary& b = boundary(); !b.turns && !b.migrate && !b.share) {
        const std::chrono::duration<double, std::milli> took =
            std::chrono::steady_clock::now() - start;
        b.feed_ms.push_back(took.count());
    }
    return status;
}

bay_status feed(bay_exchange* given, const bay_event* event, bay_out* out) noexcept {
    Exchange& x = self(given);
    Boundary& b = boundary();
    bay_status status = BAY_OK;
    if (b.turns) b.turns->enter(Boundary::turn);
    if (x.fed++ == b.intrude_at) {
        status = BAY_E_STATE;
        auto& recorder = transcript::OrderedRecorder::of(*out);
        if (b.intruder != BAY_EV_CANCEL || recorder.wants_cancel()) intrude(x, recorder);
    } else {
        cross([&] { status = feed_real(x, event, out); });
    }
    if (b.turns) b.turns->leave();
    return status;
}

void close(bay_exchange* given) noexcept {
    const std::unique_ptr<Exchange> x(&self(given));
    cross([&] {
        const Inside inside("close");
        x->kind->close(x->real);
    });
}

// component() and create() are not told whose they are, so each kind has its own.
constexpr std::size_t kMostKinds = 8;
const bay_kind* real_kinds[kMostKinds];
bay_kind tables[kMostKinds];

template <std::size_t N>
bay_kind table_of() {
    bay_kind table{};
    table.size = sizeof table;
    table.component = [](std::uint32_t i) noexcept { return real_kinds[N]->component(i); };
    table.create = [](const bay_create_info* info, bay_diag* diag, bay_instance** out) noexcept {
        return make(real_kinds[N], info, diag, out);
    };
    table.destroy = destroy;
    table.open = open;
    table.feed = feed;
    table.close = close;
    return table;
}

template <std::size_t... N>
void fill_tables(std::index_sequence<N...>) {
    ((tables[N] = table_of<N>()), ...);
}

}  // namespace

Boundary& boundary() {
    static Boundary only;
    return only;
}

const bay_kind* across_boundary(const bay_kind* kind) {
    static const bool filled = (fill_tables(std::make_index_sequence<kMostKinds>()), true);
    (void)filled;
    for (std::size_t i = 0; i < kMostKinds; ++i) {
        if (real_kinds[i] && real_kinds[i] != kind) continue;
        real_kinds[i] = kind;
        return &tables[i];
    }
    throw std::runtime_error("a file with more kinds than this tool can drive");
}

}  // namespace patchbay::check
