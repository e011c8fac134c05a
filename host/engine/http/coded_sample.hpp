// Test support: compressed bodies.
#pragma once

#include <string>
#include <string_view>
#include <zlib.h>
#include <zstd.h>

namespace patchbay::http::test {

/// `window_bits` says the format: 31 gzip, 15 zlib, -15 bare deflate.
inline std::string deflated(std::string_view text, int window_bits, int level = 6) {
    z_stream stream{};
    deflateInit2(&stream, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

inline std::string gzipped(std::string_view text) {
    return deflated(text, 16 + MAX_WBITS);
}

/// With a `window_log` the frame has a window of that size, whatever the text needs.
inline std::string zstd_of(std::string_view text, int window_log = 0) {
    ZSTD_CCtx* context = ZSTD_createCCtx();
    if (window_log != 0) ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
    std::string bytes(ZSTD_compressBound(text.size()) + 64, '\0');
    ZSTD_inBuffer from{text.data(), text.size(), 0};
    ZSTD_outBuffer to{bytes.data(), bytes.size(), 0};
    // Flushed first: a frame whose length is known gets no larger window than that.
    if (window_log != 0) ZSTD_compressStream2(context, &to, &from, ZSTD_e_flush);
    ZSTD_compressStream2(context, &to, &from, ZSTD_e_end);
    ZSTD_freeCCtx(context);
    bytes.resize(to.pos);
    return bytes;
}

}  // namespace patchbay::http::test
