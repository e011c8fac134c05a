/* Starts a thread that stays. */
#include <pthread.h>
#include <unistd.h>

#define FIXTURE_ID "starts_thread"
#define BREAK(x, event, out) start()
static void start(void);
#include "check_fixture.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t never = PTHREAD_MUTEX_INITIALIZER;

static void* wait_for_ever(void* unused) {
    pthread_mutex_lock(&never);
    return unused;
}

static void start_once(void) {
    pthread_t thread;
    pthread_mutex_lock(&never);
    if (pthread_create(&thread, NULL, wait_for_ever, NULL) == 0) pthread_detach(thread);
}

static void start(void) {
    pthread_once(&once, start_once);
}
