#include "engine/http/content_coding.hpp"

#include <algorithm>
#include <new>
#include <zlib.h>
#include <zstd.h>

#include "contract/http/header.hpp"

namespace patchbay::http {

namespace {

/// gzip and deflate.
class ZlibDecoder final : public ContentDecoder {
  public:
    explicit ZlibDecoder(bool gzip) : gzip_(gzip) {
        if (gzip) start(16 + MAX_WBITS);
    }
    ~ZlibDecoder() override {
        if (started_) inflateEnd(&stream_);
    }
    ZlibDecoder(const ZlibDecoder&) = delete;
    ZlibDecoder& operator=(const ZlibDecoder&) = delete;

    Status decode(std::string_view& in, std::span<char> out, std::size_t& made) override {
        made = 0;
        if (!started_ && !in.empty()) start(is_zlib(in.front()) ? MAX_WBITS : -MAX_WBITS);
        while (started_ && made < out.size()) {
            if (ended_) {
                if (in.empty()) break;
                if (!gzip_) return Status::broken;
                inflateReset(&stream_);  // the next member; what is none has another first byte
                ended_ = false;
            }
            stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
            stream_.avail_in = static_cast<uInt>(std::min<std::size_t>(in.size(), 1u << 30));
            stream_.next_out = reinterpret_cast<Bytef*>(out.data() + made);
            stream_.avail_out =
                static_cast<uInt>(std::min<std::size_t>(out.size() - made, 1u << 30));
            const uInt had = stream_.avail_in;
            const uInt room = stream_.avail_out;
            const int code = inflate(&stream_, Z_NO_FLUSH);
            in.remove_prefix(had - stream_.avail_in);
            made += room - stream_.avail_out;
            if (code == Z_STREAM_END) {
                ended_ = true;
            } else if (code == Z_BUF_ERROR) {
                break;  // no progress is possible: more input is needed
            } else if (code != Z_OK) {
                return Status::broken;
            }
        }
        return Status::ok;
    }

    bool complete() const override { return ended_; }

  private:
    // A zlib stream begins with its method, 8 (RFC 1950, 2.2). A bare one would begin so with a
    // stored block whose padding is not zero (RFC 1951, 3.2.3), which no encoder writes.
    static bool is_zlib(char first) { return (first & 0x0f) == Z_DEFLATED; }

    void start(int window_bits) {
        if (inflateInit2(&stream_, window_bits) != Z_OK) throw std::bad_alloc();
        started_ = true;
    }

    bool gzip_;
    bool started_ = false;
    bool ended_ = false;
    z_stream stream_{};
};

class ZstdDecoder final : public ContentDecoder {
  public:
    ZstdDecoder() : stream_(ZSTD_createDStream()) {
        // RFC 9659: in HTTP a frame's window is 8 MiB at most.
        constexpr int kWindowLog = 23;
        if (stream_ == nullptr ||
            ZSTD_isError(ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kWindowLog))) {
            ZSTD_freeDStream(stream_);
            throw std::bad_alloc();
        }
    }
    ~ZstdDecoder() override { ZSTD_freeDStream(stream_); }
    ZstdDecoder(const ZstdDecoder&) = delete;
    ZstdDecoder& operator=(const ZstdDecoder&) = delete;

    Status decode(std::string_view& in, std::span<char> out, std::size_t& made) override {
        ZSTD_outBuffer to{out.data(), out.size(), 0};
        ZSTD_inBuffer from{in.data(), in.size(), 0};
        bool progress = true;
        while (to.pos < to.size && progress && !(ended_ && from.pos == from.size)) {
            const std::size_t before = from.pos + to.pos;
            const std::size_t left = ZSTD_decompressStream(stream_, &to, &from);
            if (ZSTD_isError(left)) return Status::broken;
            ended_ = left == 0;
            progress = from.pos + to.pos != before;
        }
        in.remove_prefix(from.pos);
        made = to.pos;
        return Status::ok;
    }

    bool complete() const override { return ended_; }

  private:
    ZSTD_DStream* stream_;
    bool ended_ = false;
};

}  // namespace

ContentCoding content_coding(std::string_view header) {
    ContentCoding found = ContentCoding::identity;
    while (!header.empty()) {
        const std::size_t comma = header.find(',');
        std::string_view name = header.substr(0, comma);
        header.remove_prefix(comma == std::string_view::npos ? header.size() : comma + 1);
        while (!name.empty() && (name.front() == ' ' || name.front() == '\t'))
            name.remove_prefix(1);
        while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) name.remove_suffix(1);
        if (name.empty() || iequals(name, "identity")) continue;
        if (found != ContentCoding::identity) return ContentCoding::unsupported;
        if (iequals(name, "gzip") || iequals(name, "x-gzip")) {
            found = ContentCoding::gzip;
        } else if (iequals(name, "deflate")) {
            found = ContentCoding::deflate;
        } else if (iequals(name, "zstd")) {
            found = ContentCoding::zstd;
        } else {
            return ContentCoding::unsupported;
        }
    }
    return found;
}

std::string_view coding_name(ContentCoding coding) {
    constexpr std::string_view kNames[] = {"identity", "gzip", "deflate", "zstd", ""};
    return kNames[static_cast<std::size_t>(coding)];
}

std::unique_ptr<ContentDecoder> ContentDecoder::make(ContentCoding coding) {
    switch (coding) {
        case ContentCoding::gzip:
        case ContentCoding::deflate:
            return std::make_unique<ZlibDecoder>(coding == ContentCoding::gzip);
        case ContentCoding::zstd:
            return std::make_unique<ZstdDecoder>();
        case ContentCoding::identity:
        case ContentCoding::unsupported:
            break;
    }
    return nullptr;
}

}  // namespace patchbay::http
