// Calls that have something to take, for an event loop that waits for many of them with one descriptor.
//
// The engine says of a call that an event has come (bay_call_options.on_ready), on its own thread and without the
// interpreter. The call is put on the list that it is watched by, and the list's descriptor is made readable if it
// was empty: however many calls have events when the loop comes to look, that is two system calls.
#ifndef PATCHBAY_NATIVE_READY_H_
#define PATCHBAY_NATIVE_READY_H_

#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>

typedef struct ReadyObject ReadyObject;

// What a call has of it. All zero at first.
typedef struct ReadyLink {
    PyObject* owner;    // the call, which holds this; borrowed
    ReadyObject* list;  // that it is put on
    struct ReadyLink* next;
    int listed;
} ReadyLink;

// The engine's word for a call: an event has come. Any thread, without the interpreter.
void ready_fire(ReadyLink* link);
// From now on the call is put on this Ready when an event comes. With the interpreter. 1: it is news, and an event
// that came before has been told elsewhere; 0: so it was; -1 with an exception: that is no Ready.
int ready_watch(ReadyLink* link, PyObject* list);
// The call ends, and is not fired any more. With the interpreter.
void ready_leave(ReadyLink* link);
// Makes the type. NULL with an exception.
PyObject* ready_type(void);

#endif
