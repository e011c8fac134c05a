// A compressed request body on its way into the buffer of the plain one.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <boost/beast/core/flat_buffer.hpp>

#include "engine/http/content_coding.hpp"

namespace patchbay::gateway {

/// Decodes a slice at a time, so that no body holds up its event loop or grows by more than a slice
/// before its size is looked at. Idle unless begin() was called.
class CodedBody {
  public:
    static constexpr std::size_t kSlice = 256u << 10;

    enum class Step {
        done,    ///< nothing is left of what was added
        more,    ///< call step() again
        broken,  ///< it is not of this coding
    };

    void begin(http::ContentCoding coding);
    void end() { *this = {}; }
    bool active() const { return decoder_ != nullptr; }
    http::ContentCoding coding() const { return coding_; }

    /// Only after step() was done.
    void add(std::string_view bytes) { waiting_.append(bytes); }
    /// Puts at most kSlice decoded bytes behind those of `into`.
    Step step(boost::beast::flat_buffer& into);
    /// After the last step: the body ended where it should.
    bool whole() const { return decoder_->complete(); }

  private:
    http::ContentCoding coding_ = http::ContentCoding::identity;
    std::unique_ptr<http::ContentDecoder> decoder_;
    std::string waiting_;
    std::size_t taken_ = 0;  ///< of waiting_
};

}  // namespace patchbay::gateway
