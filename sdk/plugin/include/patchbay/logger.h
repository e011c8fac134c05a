/* SPDX-License-Identifier: Apache-2.0 */
/* patchbay/logger.h -- the kind "bay.logger/1": what delivers log records to a sink. */
#ifndef PATCHBAY_LOGGER_H_
#define PATCHBAY_LOGGER_H_

#include "provider.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A log record.  Passed as an array of pointers (R6). */
typedef struct bay_record {
    uint32_t size;
    uint32_t type;   /**< BAY_RECORD_* */
    uint64_t seq;    /**< rising within one process of the host                               */
    int64_t unix_ms; /**< when the request ended                                              */
    bay_str id;      /**< the same on every delivery of this record: the idempotency key      */
    bay_str json;    /**< LiteLLM's StandardLoggingPayload (docs/logging.md), redacted already */
} bay_record;
enum {
    BAY_RECORD_SUCCESS = 1,
    BAY_RECORD_FAILURE = 2 /**< the request failed, or was blocked by a guardrail             */
};

/** START of a logger exchange.  The host batches (number, bytes, age), bounds the queue, spools to
 *  disk, counts what it drops and decides on redelivery.  The plugin turns the batch into http()
 *  calls and says what came of them:
 *    done()                          all records are delivered
 *    retry_records(indexes), done()  these are not, the others are (HTTP 207)
 *    fail()                          none is.  BAY_RETRY_NEVER, or a class by which the same
 *                                    bytes will always be refused (BAD_REQUEST): the host halves
 *                                    the batch to find the record at fault and drops that one,
 *                                    counted.  All other classes: the batch comes again, after
 *                                    retry_after_ms or a growing pause.
 *  Delivery is at least once; a record that comes again has the same id and the same json.
 *
 *  A logger may also write files of the operator's: an http() call with method "POST" and a URL
 *  "file:///absolute/path" appends the body to the file (made with mode 0600 if missing) and is
 *  answered by HTTP_DONE with status 200, or failure CONNECT and the system's text.  Like every
 *  URL it must be on the egress list, that is, it must come from a config member that the schema
 *  marks with "x-bay-url": true. */
typedef struct bay_ev_batch {
    bay_event h;
    uint32_t attempt; /**< 1 on the first delivery                                            */
    uint32_t reserved;
    const bay_record* const* records;
    uint64_t record_count;
} bay_ev_batch;

#ifdef __cplusplus
}
#endif
#endif /* PATCHBAY_LOGGER_H_ */
