/* SPDX-License-Identifier: Apache-2.0 */
/* patchbay/operations.h -- what a provider can be asked: the ids of operations, and for each what
 * the request is made of and what ends the answer. */
#ifndef PATCHBAY_OPERATIONS_H_
#define PATCHBAY_OPERATIONS_H_

#include "abi.h"

#if BAY_TARGET_MINOR >= 3

/** Ids stand in bay_ev_request.operation and in the manifest's "operations".  A provider answers
 *  one that it does not know with fail(BAY_ERR_UNSUPPORTED); a host asks only for those of the
 *  manifest (or of the row).  A third party names its own "com.example.thing".
 *
 *  REQUEST
 *    json   `json` and `members`; `model` names the upstream's where the API has one
 *    form   `parts` (blobs 1 and up), `content_type`; `json` absent
 *    any    `json` if it is JSON, else `parts` or `content_type` and blob 0
 *    url    no body: `ids`, `query`, `path`
 *  The names after "ids" are those in bay_ev_request.ids.
 *
 *  ANSWER, one of those that stand there; "streamed" with BAY_REQ_STREAM; it comes to no other
 *    result    result(json)                               one whole JSON document
 *    chunks    chunk() for each event, then done()        with event: its API names it
 *    body      body() for each piece, then done()         bytes
 *    socket    want(CLIENT_FRAMES), ws_send(), done()     see ws_open()
 *  and pass_through() in place of it, with the decode that stands in brackets.  Whatever is
 *  asked, fail() may end it.  `head` = head() may come first.
 *
 *  id                        request            answer
 *  chat.completions          json               result [BUFFER]; streamed chunks [SSE]
 *  completions               json               result [BUFFER]; streamed chunks [SSE]
 *  messages                  json               result [BUFFER]; streamed chunks with event [SSE]
 *  messages.count_tokens     json               result [BUFFER]
 *  responses                 json               result [BUFFER]; streamed chunks with event [SSE]
 *  responses.get             url, response_id   as responses
 *  responses.delete          url, response_id   result [BUFFER]
 *  responses.cancel          url, response_id   result [BUFFER]
 *  responses.input_items     url, response_id   result [BUFFER]
 *  generate_content          json               result [BUFFER]; streamed chunks [SSE, JSON_ARRAY]
 *  generate_content.count_tokens json           result [BUFFER]
 *  converse                  json               result [BUFFER]; streamed chunks with event
 *                                               [AWS_EVENTSTREAM]
 *  invoke                    any                result [BUFFER] or body [RAW]; streamed chunks
 *                                               with event [AWS_EVENTSTREAM]
 *  embeddings                json               result [BUFFER]
 *  moderations               json               result [BUFFER]
 *  rerank                    json               result [BUFFER]
 *  ocr                       json               result [BUFFER]
 *  search                    json               result [BUFFER]
 *  images.generate           json               result [BUFFER]; streamed chunks with event [SSE]
 *  images.edit               form               result [BUFFER]; streamed chunks with event [SSE]
 *  images.variations         form               result [BUFFER]
 *  audio.speech              json               body [RAW, BUFFER]; streamed body [RAW, SSE]
 *  audio.transcriptions      form               result or body [BUFFER, RAW]; streamed chunks
 *                                               with event [SSE]
 *  audio.translations        form               result or body [BUFFER, RAW]
 *  realtime                  url                socket
 *  videos.create             any                result [BUFFER]
 *  videos.list               url                result [BUFFER]
 *  videos.get                url, video_id      result [BUFFER]
 *  videos.delete             url, video_id      result [BUFFER]
 *  videos.remix              json, video_id     result [BUFFER]
 *  videos.content            url, video_id      head, body [RAW]
 *  models.list               url                result [BUFFER]
 *  files.create              form               result [BUFFER]
 *  files.list                url                result [BUFFER]
 *  files.get                 url, file_id       result [BUFFER]
 *  files.delete              url, file_id       result [BUFFER]
 *  files.content             url, file_id       head, body [RAW]
 *  batches.create            json               result [BUFFER]
 *  batches.list              url                result [BUFFER]
 *  batches.get               url, batch_id      result [BUFFER]
 *  batches.cancel            url, batch_id      result [BUFFER]
 *  fine_tuning.create        json               result [BUFFER]
 *  fine_tuning.list          url                result [BUFFER]
 *  fine_tuning.get           url, fine_tuning_job_id  result [BUFFER]
 *  fine_tuning.cancel        url, fine_tuning_job_id  result [BUFFER]
 *  fine_tuning.events        url, fine_tuning_job_id  result [BUFFER]
 *  vector_stores             any                head, result or body [BUFFER, RAW]
 *  assistants                any                head, result or body [BUFFER, RAW]; streamed
 *                                               chunks with event [SSE]
 *  containers                any                head, result or body [BUFFER, RAW]
 *  passthrough               any                head, body [RAW, BUFFER]; streamed chunks with
 *                                               event, or [SSE, NDJSON, JSON_ARRAY,
 *                                               AWS_EVENTSTREAM]
 *  The four last stand for families of routes: `method` and `path` say which one is asked for. */
#define BAY_OP_CHAT_COMPLETIONS "chat.completions"
#define BAY_OP_COMPLETIONS "completions"
#define BAY_OP_MESSAGES "messages"
#define BAY_OP_MESSAGES_COUNT_TOKENS "messages.count_tokens"
#define BAY_OP_RESPONSES "responses"
#define BAY_OP_RESPONSES_GET "responses.get"
#define BAY_OP_RESPONSES_DELETE "responses.delete"
#define BAY_OP_RESPONSES_CANCEL "responses.cancel"
#define BAY_OP_RESPONSES_INPUT_ITEMS "responses.input_items"
#define BAY_OP_GENERATE_CONTENT "generate_content"
#define BAY_OP_GENERATE_CONTENT_COUNT_TOKENS "generate_content.count_tokens"
#define BAY_OP_CONVERSE "converse"
#define BAY_OP_INVOKE "invoke"
#define BAY_OP_EMBEDDINGS "embeddings"
#define BAY_OP_MODERATIONS "moderations"
#define BAY_OP_RERANK "rerank"
#define BAY_OP_OCR "ocr"
#define BAY_OP_SEARCH "search"
#define BAY_OP_IMAGES_GENERATE "images.generate"
#define BAY_OP_IMAGES_EDIT "images.edit"
#define BAY_OP_IMAGES_VARIATIONS "images.variations"
#define BAY_OP_AUDIO_SPEECH "audio.speech"
#define BAY_OP_AUDIO_TRANSCRIPTIONS "audio.transcriptions"
#define BAY_OP_AUDIO_TRANSLATIONS "audio.translations"
#define BAY_OP_REALTIME "realtime"
#define BAY_OP_VIDEOS_CREATE "videos.create"
#define BAY_OP_VIDEOS_LIST "videos.list"
#define BAY_OP_VIDEOS_GET "videos.get"
#define BAY_OP_VIDEOS_DELETE "videos.delete"
#define BAY_OP_VIDEOS_REMIX "videos.remix"
#define BAY_OP_VIDEOS_CONTENT "videos.content"
#define BAY_OP_MODELS_LIST "models.list"
#define BAY_OP_FILES_CREATE "files.create"
#define BAY_OP_FILES_LIST "files.list"
#define BAY_OP_FILES_GET "files.get"
#define BAY_OP_FILES_DELETE "files.delete"
#define BAY_OP_FILES_CONTENT "files.content"
#define BAY_OP_BATCHES_CREATE "batches.create"
#define BAY_OP_BATCHES_LIST "batches.list"
#define BAY_OP_BATCHES_GET "batches.get"
#define BAY_OP_BATCHES_CANCEL "batches.cancel"
#define BAY_OP_FINE_TUNING_CREATE "fine_tuning.create"
#define BAY_OP_FINE_TUNING_LIST "fine_tuning.list"
#define BAY_OP_FINE_TUNING_GET "fine_tuning.get"
#define BAY_OP_FINE_TUNING_CANCEL "fine_tuning.cancel"
#define BAY_OP_FINE_TUNING_EVENTS "fine_tuning.events"
#define BAY_OP_VECTOR_STORES "vector_stores"
#define BAY_OP_ASSISTANTS "assistants"
#define BAY_OP_CONTAINERS "containers"
#define BAY_OP_PASSTHROUGH "passthrough"

#endif /* BAY_TARGET_MINOR >= 3 */
#endif /* PATCHBAY_OPERATIONS_H_ */
