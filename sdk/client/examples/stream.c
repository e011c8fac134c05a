/* Streams a model's answer in C, with the descriptor as an event loop has it: stream MODEL TEXT */
#include <patchbay/client.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bay_str text(const char* characters) {
    const bay_str view = {characters, strlen(characters)};
    return view;
}

/* Prints what the model says in a piece of its answer. */
static void print_piece(bay_str json) {
    char words[65536];
    size_t size = sizeof words;
    if (bay_json_at(json, BAY_STR("/choices/0/delta/content"), words, &size) == BAY_OK) {
        fwrite(words, 1, size, stdout);
        fflush(stdout);
    }
}

int main(int count, char** arguments) {
    if (count != 3 || strpbrk(arguments[1], "\"\\") || strpbrk(arguments[2], "\"\\\n")) {
        fprintf(stderr, "usage: stream MODEL TEXT (without quotation marks and backslashes)\n");
        return 2;
    }
    char request[8192];
    snprintf(request, sizeof request,
             "{\"model\": \"%s\", \"stream\": true, \"messages\": [{\"role\": \"user\", "
             "\"content\": \"%s\"}]}",
             arguments[1], arguments[2]);
    bay_client* client = NULL;
    if (bay_client_open(NULL, &client) != BAY_OK) return 1;
    bay_call_options options = {0};
    options.size = sizeof options;
    options.operation = BAY_STR("chat.completions");
    options.request = text(request);
    bay_call* call = NULL;
    if (bay_call_start(client, &options, &call) != BAY_OK) return 1;

    struct pollfd readable = {bay_call_descriptor(call), POLLIN, 0};
    bay_call_event event = {0};
    event.size = sizeof event;
    while (event.type < BAY_CALL_END) {
        poll(&readable, 1, -1);
        while (event.type < BAY_CALL_END && bay_call_next(call, 0, &event) == BAY_OK) {
            if (event.type == BAY_CALL_CHUNK) print_piece(event.data);
        }
    }
    putchar('\n');
    const int failed = event.type == BAY_CALL_FAILED;
    if (failed) fprintf(stderr, "%.*s\n", (int)event.data.len, event.data.ptr);
    bay_call_free(call);
    bay_client_close(client);
    return failed;
}
