#include "engine/kept/kept_responses.hpp"

#include <array>
#include <utility>

#include <openssl/rand.h>

namespace patchbay {

namespace {

bool may_use(const ResponseAsker& asker, const ResponseOwner& owner) {
    return asker.all || asker.owner == owner;
}

}  // namespace

KeptResponse::~KeptResponse() {
    auto next = std::move(previous);
    while (next && next.use_count() == 1) {
        // Nobody else has it, so it is ours to change.
        auto after = std::move(const_cast<KeptResponse&>(*next).previous);
        next = std::move(after);
    }
}

std::string KeptResponses::new_id() {
    std::array<unsigned char, 16> bytes;
    if (RAND_bytes(bytes.data(), bytes.size()) != 1) return {};
    std::string digits;
    for (const unsigned char byte : bytes) {
        digits += "0123456789abcdef"[byte >> 4];
        digits += "0123456789abcdef"[byte & 15];
    }
    return digits;
}

void KeptResponses::keep(const ResponseOwner& owner, KeptResponse response, Clock::time_point now) {
    const std::size_t bytes = response.bytes();
    if (!keeps() || bytes > limits_.one) return;
    *bytes_ += bytes;
    std::shared_ptr<const KeptResponse> kept(new KeptResponse(std::move(response)),
                                             [count = bytes_, bytes](const KeptResponse* dead) {
                                                 delete dead;
                                                 *count -= bytes;
                                             });
    const std::lock_guard lock(mutex_);
    if (by_id_.contains(kept->id)) return;
    places_.push_front({owner, kept, now});
    by_id_.emplace(kept->id, places_.begin());
    make_room(now);
}

std::shared_ptr<const KeptResponse> KeptResponses::find(const ResponseAsker& asker,
                                                        std::string_view id,
                                                        Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    make_room(now);
    const auto place = place_of(asker, id);
    if (place == places_.end()) return nullptr;
    place->used = now;
    places_.splice(places_.begin(), places_, place);
    return place->response;
}

bool KeptResponses::drop(const ResponseAsker& asker, std::string_view id, Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    make_room(now);
    const auto place = place_of(asker, id);
    if (place == places_.end()) return false;
    forget(place);
    return true;
}

bool KeptResponses::has_anothers(const ResponseAsker& asker, std::string_view id) const {
    const std::lock_guard lock(mutex_);
    const auto found = by_id_.find(id);
    return found != by_id_.end() && !may_use(asker, found->second->owner);
}

std::size_t KeptResponses::count() const {
    const std::lock_guard lock(mutex_);
    return places_.size();
}

KeptResponses::Places::iterator KeptResponses::place_of(const ResponseAsker& asker,
                                                        std::string_view id) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end() || !may_use(asker, found->second->owner)) return places_.end();
    return found->second;
}

// What was not used for long goes first; of a chain what nobody can find any more counts still.
void KeptResponses::make_room(Clock::time_point now) {
    while (!places_.empty()) {
        const auto last = std::prev(places_.end());
        if (*bytes_ <= limits_.bytes && now - last->used < limits_.unused) return;
        forget(last);
    }
}

void KeptResponses::forget(Places::iterator place) {
    by_id_.erase(place->response->id);
    places_.erase(place);
}

}  // namespace patchbay
