#include "ready.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct ReadyObject {
    PyObject_HEAD int descriptor;
    ReadyLink* last;  // what came last, and by `next` what came before it
    Py_ssize_t count;
};

// Of all links and lists: it is held for a few instructions.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static PyObject* type_of_lists;

static void hold(void) {
    pthread_mutex_lock(&lock);
}
static void let_go(void) {
    pthread_mutex_unlock(&lock);
}

void ready_fire(ReadyLink* link) {
    hold();
    ReadyObject* const list = link->list;
    if (list && !link->listed) {
        link->listed = 1;
        link->next = list->last;
        list->last = link;
        const uint64_t one = 1;
        // It fails where the descriptor is readable anyway.
        if (++list->count == 1 && write(list->descriptor, &one, sizeof one) < 0) errno = 0;
    }
    let_go();
}

// With the lock.
static void take_out(ReadyLink* link) {
    if (!link->listed) return;
    ReadyLink** at = &link->list->last;
    while (*at != link) at = &(*at)->next;
    *at = link->next;
    --link->list->count;
    link->listed = 0;
}

int ready_watch(ReadyLink* link, PyObject* list) {
    if (link->list == (ReadyObject*)list) return 0;
    if (!PyObject_TypeCheck(list, (PyTypeObject*)type_of_lists)) {
        PyErr_SetString(PyExc_TypeError, "watch() takes a Ready");
        return -1;
    }
    ready_leave(link);
    hold();
    link->list = (ReadyObject*)Py_NewRef(list);
    let_go();
    return 1;
}

void ready_leave(ReadyLink* link) {
    hold();
    take_out(link);
    ReadyObject* const list = link->list;
    link->list = NULL;
    let_go();
    Py_XDECREF((PyObject*)list);
}

static PyObject* ready_new(PyTypeObject* type, PyObject* args, PyObject* named) {
    if (PyTuple_Size(args) != 0 || (named && PyDict_Size(named) != 0)) {
        PyErr_SetString(PyExc_TypeError, "Ready() takes no arguments");
        return NULL;
    }
    const int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (descriptor < 0) return PyErr_SetFromErrno(PyExc_OSError);
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    ReadyObject* const self = (ReadyObject*)allocate(type, 0);
    if (!self) {
        close(descriptor);
        return NULL;
    }
    self->descriptor = descriptor;
    return (PyObject*)self;
}

// Nobody is on the list: who is holds it.
static void ready_dealloc(PyObject* object) {
    PyTypeObject* const type = Py_TYPE(object);
    close(((ReadyObject*)object)->descriptor);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(object);
    Py_DECREF(type);
}

static PyObject* ready_fileno(PyObject* object, PyObject* unused) {
    (void)unused;
    return PyLong_FromLong(((ReadyObject*)object)->descriptor);
}

// The calls on the list, in the order of their events. None of them is being deallocated: that is done with the
// interpreter held from its beginning to its end. The list that is returned is made without the lock, as making it may
// run Python's garbage collector, and that ready_leave().
static PyObject* ready_take(PyObject* object, PyObject* unused) {
    (void)unused;
    ReadyObject* const self = (ReadyObject*)object;
    hold();
    const Py_ssize_t count = self->count;
    let_go();
    PyObject* const calls = PyList_New(count);
    if (!calls) return NULL;
    Py_ssize_t left = count;
    hold();
    for (; left != 0 && self->last; --self->count) {
        ReadyLink* const link = self->last;
        self->last = link->next;
        link->listed = 0;
        PyList_SetItem(calls, --left, Py_NewRef(link->owner));
    }
    uint64_t told = 0;
    if (self->count == 0 && read(self->descriptor, &told, sizeof told) < 0) errno = 0;
    let_go();
    if (left != 0 && PyList_SetSlice(calls, 0, left, NULL) < 0) {
        Py_DECREF(calls);
        return NULL;
    }
    return calls;
}

static PyMethodDef ready_methods[] = {
    {"fileno", ready_fileno, METH_NOARGS, "A descriptor that is readable while calls have events."},
    {"take", ready_take, METH_NOARGS, "The calls that have had one since it was last asked."},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot ready_slots[] = {
    {Py_tp_new, ready_new},
    {Py_tp_dealloc, ready_dealloc},
    {Py_tp_methods, ready_methods},
    {Py_tp_doc, "Watches calls for an event loop: Call.watch(ready) after next(0) gave nothing."},
    {0, NULL},
};
static PyType_Spec ready_spec = {"patchbay._native.Ready", sizeof(ReadyObject), 0,
                                 Py_TPFLAGS_DEFAULT, ready_slots};

PyObject* ready_type(void) {
    // Threads of the parent may be on the lists while a child is made; in the child nobody fires.
    if (!type_of_lists && pthread_atfork(hold, let_go, let_go) != 0) return PyErr_NoMemory();
    type_of_lists = PyType_FromSpec(&ready_spec);
    return type_of_lists;
}
