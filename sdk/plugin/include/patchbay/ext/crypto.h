/* SPDX-License-Identifier: Apache-2.0 */
/* patchbay/ext/crypto.h -- host service "bay.crypto/1". */
#ifndef PATCHBAY_EXT_CRYPTO_H_
#define PATCHBAY_EXT_CRYPTO_H_

#include "../exchange.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Pure functions, so that SigV4 and JWT providers link no TLS library.  All
 *  [any].  `out` buffers are the caller's. */
#define BAY_EXT_CRYPTO "bay.crypto/1"
typedef struct bay_crypto {
    uint32_t size;
    uint32_t flags;
    void(BAY_CALL* sha256)(bay_str in, uint8_t out[32]) BAY_NOEXCEPT;
    void(BAY_CALL* hmac_sha256)(bay_str key, bay_str in, uint8_t out[32]) BAY_NOEXCEPT;
    /** alg: "RS256" or "ES256"; pem: PKCS#8.  *out_len: capacity in, length out. */
    bay_status(BAY_CALL* sign)(bay_str alg, bay_str pem, bay_str in, uint8_t* out,
                               size_t* out_len) BAY_NOEXCEPT;
#if BAY_TARGET_MINOR >= 3
    /** SHA-256 of a body that was not put together, segments of a bay_http_req one after another,
     *  so that a request with a file can be signed (SigV4).  `o`: the bay_out of the feed() in
     *  hand, whose exchange has the blobs.  BAY_SEG_BLOB_BASE64 counts in base64, as it is sent.
     *  BAY_E_INVALID: a blob or range that is not there; BAY_E_UNSUPPORTED: an unknown kind of
     *  segment, or blobs that cannot be read here (by a plugin in a process of its own).  Reads all
     * of it now, a gigabyte in about half a second. [exchange] */
    bay_status(BAY_CALL* sha256_segments)(bay_out* o, const bay_seg* segments, uint64_t count,
                                          uint8_t out[32]) BAY_NOEXCEPT;
#endif
} bay_crypto;

#ifdef __cplusplus
}
#endif
#endif /* PATCHBAY_EXT_CRYPTO_H_ */
