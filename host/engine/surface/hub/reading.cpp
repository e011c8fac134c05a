#include "engine/surface/hub/reading.hpp"

#include <algorithm>

#include <boost/algorithm/string/join.hpp>

namespace patchbay::surface {

namespace {

// Names of a request's places repeat with every turn of a conversation; a message holds a few.
constexpr std::size_t kMaxRefusedTold = 8;

void append_step(std::string& path, std::string_view step) {
    if (!path.empty()) path += '.';
    path += step;
}

}  // namespace

std::string Place::path() const {
    std::string path = above_ ? above_->path() : std::string();
    append_step(path, member_.empty() ? std::to_string(index_) : std::string(member_));
    return path;
}

std::string Place::kind() const {
    std::string path = above_ ? above_->kind() : std::string();
    if (!member_.empty()) append_step(path, member_);
    return path;
}

void Reading::note(std::string what) {
    if (std::find(dropped.begin(), dropped.end(), what) == dropped.end()) {
        dropped.push_back(std::move(what));
    }
}

void Reading::refuse(const Place& place) {
    if (drop_params_) return note(place);
    if (refused_.size() < kMaxRefusedTold) refused_.push_back(place.path());
}

const Error* Reading::fault() {
    if (refused_.empty()) return nullptr;
    fault_ = bad_request("OpenAI's chat API, which the model behind this name speaks, cannot say " +
                             boost::algorithm::join(refused_, ", ") +
                             ". To leave it out, set drop_params.",
                         refused_.front());
    fault_.cls = ErrorClass::unsupported;
    return &fault_;
}

Error bad_shape(const Place& place, std::string_view what) {
    auto path = place.path();
    auto message = path + ": " + std::string(what);
    return bad_request(std::move(message), std::move(path));
}

}  // namespace patchbay::surface
