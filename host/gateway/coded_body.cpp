#include "gateway/coded_body.hpp"

#include <algorithm>
#include <span>

namespace patchbay::gateway {

void CodedBody::begin(http::ContentCoding coding) {
    end();
    coding_ = coding;
    decoder_ = http::ContentDecoder::make(coding);
}

CodedBody::Step CodedBody::step(boost::beast::flat_buffer& into) {
    constexpr std::size_t kExpected = 8;  // what JSON as a rule grows to
    std::string_view left = std::string_view(waiting_).substr(taken_);
    const std::size_t size = std::clamp(kExpected * left.size(), kSlice / 64, kSlice);
    const auto room = into.prepare(size);
    std::size_t made = 0;
    const auto status =
        decoder_->decode(left, std::span(static_cast<char*>(room.data()), size), made);
    if (status == http::ContentDecoder::Status::broken) return Step::broken;
    into.commit(made);
    taken_ = waiting_.size() - left.size();
    if (made == size) return Step::more;
    waiting_.clear();
    taken_ = 0;
    return Step::done;
}

}  // namespace patchbay::gateway
