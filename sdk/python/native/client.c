// The extension module patchbay._native: clients and calls of libpatchbay.so as Python objects.
//
// It is written against Python's limited API, so one file serves CPython 3.11 and all that follow.
// The library is opened when the first client is, which keeps `import patchbay` small, and what it
// gives are texts: Python's own json reads them. A wait lets other threads run and is ended by
// signals, as Python's own waits are.
#include "patchbay/client.h"

#include <dlfcn.h>
#include <string.h>

#include "ready.h"

// The functions of the library, when it is there.
static struct {
    uint32_t (*abi_minor)(void);
    bay_status (*open)(const bay_client_options*, bay_client**);
    void (*close)(bay_client*);
    bay_status (*look_up)(bay_client*, bay_str, bay_str, void (*)(void*, bay_str), void*);
    bay_status (*start)(bay_client*, const bay_call_options*, bay_call**);
    bay_status (*next)(bay_call*, int64_t, bay_call_event*);
    int (*descriptor)(bay_call*);
    void (*cancel)(bay_call*);
    void (*free)(bay_call*);
} library;

typedef struct {
    PyObject_HEAD bay_client* client;
    PyObject* problems;  // list of (is_error, place, message)
} ClientObject;

typedef struct {
    PyObject_HEAD bay_call* call;
    ReadyLink link;
} CallObject;

static PyObject* call_type;

static PyObject* raise_status(bay_status status) {
    switch (status) {
        case BAY_E_NOMEM:
            return PyErr_NoMemory();
        case BAY_E_UNSUPPORTED:
            PyErr_SetString(PyExc_NotImplementedError, "the engine has no such operation");
            return NULL;
        case BAY_CLIENT_E_FORKED:
            PyErr_SetString(PyExc_RuntimeError, "this client belongs to the parent process");
            return NULL;
        case BAY_CLIENT_E_CLOSED:
            PyErr_SetString(PyExc_RuntimeError, "the client is closed, or the call is over");
            return NULL;
        default:
            PyErr_Format(PyExc_RuntimeError, "the engine failed (status %d)", (int)status);
            return NULL;
    }
}

// load(path, [(name, otherwise), ...]): opens the library. Before it, of each pair the system's
// library of that name, or the file `otherwise` if there is none. Nothing if it is open already.
static PyObject* native_load(PyObject* module, PyObject* args) {
    (void)module;
    const char* path;
    PyObject* before;
    if (!PyArg_ParseTuple(args, "sO", &path, &before)) return NULL;
    if (library.abi_minor) Py_RETURN_NONE;
    const Py_ssize_t count = PySequence_Size(before);
    for (Py_ssize_t i = 0; i < count; ++i) {
        PyObject* pair = PySequence_GetItem(before, i);
        const char* name;
        const char* otherwise;
        if (!pair) return NULL;
        const int good = PyArg_ParseTuple(pair, "ss", &name, &otherwise);
        if (good && !dlopen(name, RTLD_LAZY)) dlopen(otherwise, RTLD_LAZY);
        Py_DECREF(pair);
        if (!good) return NULL;
    }
    void* const handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        PyErr_Format(PyExc_ImportError, "the engine cannot be loaded: %s", dlerror());
        return NULL;
    }
    const struct {
        const char* name;
        void** function;
    } functions[] = {
        {"bay_client_open", (void**)&library.open},
        {"bay_client_close", (void**)&library.close},
        {"bay_client_look_up", (void**)&library.look_up},
        {"bay_call_start", (void**)&library.start},
        {"bay_call_next", (void**)&library.next},
        {"bay_call_descriptor", (void**)&library.descriptor},
        {"bay_call_cancel", (void**)&library.cancel},
        {"bay_call_free", (void**)&library.free},
        {"bay_client_abi_minor", (void**)&library.abi_minor},
    };
    for (size_t i = 0; i < sizeof functions / sizeof *functions; ++i) {
        void* const found = dlsym(handle, functions[i].name);
        if (!found) {
            PyErr_Format(PyExc_ImportError, "%s has no %s", path, functions[i].name);
            dlclose(handle);
            library.abi_minor = NULL;
            return NULL;
        }
        memcpy(functions[i].function, &found, sizeof found);
    }
    Py_RETURN_NONE;
}

static void take_problem(bay_diag* diag, uint32_t severity, bay_str place, bay_str message) {
    PyObject* one =
        Py_BuildValue("(Os#s#)", severity >= BAY_LOG_ERROR ? Py_True : Py_False, place.ptr,
                      (Py_ssize_t)place.len, message.ptr, (Py_ssize_t)message.len);
    if (one) PyList_Append((PyObject*)diag->ctx, one);
    Py_XDECREF(one);
    PyErr_Clear();
}

static bay_str text_of(const char* text, Py_ssize_t size) {
    const bay_str view = {text, text ? (size_t)size : 0};
    return view;
}

static PyObject* client_new(PyTypeObject* type, PyObject* args, PyObject* named) {
    static char* names[] = {"config", "config_file", "plugin_directories", "settings_only", NULL};
    const char *config = NULL, *file = NULL, *folders = NULL;
    Py_ssize_t config_size = 0, file_size = 0, folders_size = 0;
    int settings_only = 0;
    if (!PyArg_ParseTupleAndKeywords(args, named, "|z#z#z#p", names, &config, &config_size, &file,
                                     &file_size, &folders, &folders_size, &settings_only)) {
        return NULL;
    }
    if (!library.abi_minor) {
        PyErr_SetString(PyExc_RuntimeError, "the engine is not loaded");
        return NULL;
    }
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    ClientObject* self = (ClientObject*)allocate(type, 0);
    if (!self) return NULL;
    self->problems = PyList_New(0);
    if (!self->problems) {
        Py_DECREF(self);
        return NULL;
    }
    bay_diag diag = {sizeof diag, 0, self->problems, take_problem};
    bay_client_options options = {0};
    options.size = sizeof options;
    if (settings_only) options.flags |= BAY_CLIENT_SETTINGS_ONLY;
    options.config = text_of(config, config_size);
    options.config_file = text_of(file, file_size);
    options.plugin_directories = text_of(folders, folders_size);
    options.problems = &diag;
    // With the interpreter held: it tells problems, and reads the environment.
    const bay_status status = library.open(&options, &self->client);
    if (status != BAY_OK && status != BAY_E_INVALID) {
        Py_DECREF(self);
        return raise_status(status);
    }
    return (PyObject*)self;
}

static void close_client(ClientObject* self) {
    bay_client* const client = self->client;
    self->client = NULL;
    if (!client) return;
    Py_BEGIN_ALLOW_THREADS library.close(client);
    Py_END_ALLOW_THREADS
}

static void client_dealloc(PyObject* object) {
    ClientObject* const self = (ClientObject*)object;
    PyTypeObject* const type = Py_TYPE(object);
    close_client(self);
    Py_CLEAR(self->problems);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(object);
    Py_DECREF(type);
}

static PyObject* client_close(PyObject* object, PyObject* unused) {
    (void)unused;
    close_client((ClientObject*)object);
    Py_RETURN_NONE;
}

static PyObject* client_problems(PyObject* object, void* unused) {
    (void)unused;
    return Py_NewRef(((ClientObject*)object)->problems);
}

static PyObject* client_is_open(PyObject* object, void* unused) {
    (void)unused;
    return PyBool_FromLong(((ClientObject*)object)->client != NULL);
}

static void an_event_has_come(void* link) {
    ready_fire(link);
}

static PyObject* client_start(PyObject* object, PyObject* args) {
    ClientObject* const self = (ClientObject*)object;
    const char *operation, *request, *id = NULL;
    Py_ssize_t operation_size, request_size, id_size = 0;
    if (!PyArg_ParseTuple(args, "s#s#|z#", &operation, &operation_size, &request, &request_size,
                          &id, &id_size)) {
        return NULL;
    }
    if (!self->client) return raise_status(BAY_CLIENT_E_CLOSED);
    bay_call_options options = {0};
    options.size = sizeof options;
    options.operation = text_of(operation, operation_size);
    options.request = text_of(request, request_size);
    options.id = text_of(id, id_size);
    PyTypeObject* const type = (PyTypeObject*)call_type;
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    CallObject* const made = (CallObject*)allocate(type, 0);
    if (!made) return NULL;
    made->link.owner = (PyObject*)made;
    options.on_ready = an_event_has_come;
    options.ctx = &made->link;
    const bay_status status = library.start(self->client, &options, &made->call);
    if (status == BAY_OK) return (PyObject*)made;
    Py_DECREF(made);
    return raise_status(status);
}

static void take_answer(void* ctx, bay_str json) {
    *(PyObject**)ctx = PyUnicode_DecodeUTF8(json.ptr, (Py_ssize_t)json.len, "replace");
}

static PyObject* client_look_up(PyObject* object, PyObject* args) {
    ClientObject* const self = (ClientObject*)object;
    const char *what, *about;
    Py_ssize_t what_size, about_size;
    if (!PyArg_ParseTuple(args, "s#s#", &what, &what_size, &about, &about_size)) return NULL;
    if (!self->client) return raise_status(BAY_CLIENT_E_CLOSED);
    PyObject* answer = NULL;
    const bay_status status = library.look_up(self->client, text_of(what, what_size),
                                              text_of(about, about_size), take_answer, &answer);
    return status == BAY_OK ? answer : raise_status(status);
}

static void call_dealloc(PyObject* object) {
    CallObject* const self = (CallObject*)object;
    PyTypeObject* const type = Py_TYPE(object);
    if (self->call) library.free(self->call);
    ready_leave(&self->link);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(object);
    Py_DECREF(type);
}

static PyObject* text_or_none(bay_str text) {
    if (text.len == 0) Py_RETURN_NONE;
    return PyUnicode_DecodeUTF8(text.ptr, (Py_ssize_t)text.len, "replace");
}

static const long long kLongestWait = 100;  // ms

// next(timeout_ms): (type, name, data, about), or None if nothing has come in time.
static PyObject* call_next(PyObject* object, PyObject* argument) {
    CallObject* const self = (CallObject*)object;
    long long timeout = PyLong_AsLongLong(argument);
    if (timeout == -1 && PyErr_Occurred()) return NULL;
    if (!self->call) return raise_status(BAY_CLIENT_E_CLOSED);
    bay_call_event event = {0};
    event.size = sizeof event;
    // Events are taken with the interpreter held, so that threads which read the same stream take turns,
    // and what one looks at is not taken by another: without it there is only a wait.
    bay_status status = library.next(self->call, 0, &event);
    while (timeout != 0 && status == BAY_CLIENT_E_AGAIN) {
        // A signal that came just before the wait does not end it: waits are short, and after each one
        // Python is asked whether there was one.
        const long long wait = timeout < 0 || timeout > kLongestWait ? kLongestWait : timeout;
        bay_status waited;
        Py_BEGIN_ALLOW_THREADS waited = library.next(self->call, wait, NULL);
        Py_END_ALLOW_THREADS if (PyErr_CheckSignals() < 0) return NULL;
        status = library.next(self->call, 0, &event);
        if (timeout > 0 && waited == BAY_CLIENT_E_AGAIN) timeout -= wait;
    }
    if (status == BAY_CLIENT_E_AGAIN) Py_RETURN_NONE;
    if (status != BAY_OK) return raise_status(status);
    PyObject* const data =
        event.type == BAY_CALL_BYTES
            ? PyBytes_FromStringAndSize(event.data.ptr, (Py_ssize_t)event.data.len)
            : text_or_none(event.data);
    PyObject* const name = text_or_none(event.name);
    PyObject* const about = text_or_none(event.about);
    if (!data || !name || !about) {
        Py_XDECREF(data);
        Py_XDECREF(name);
        Py_XDECREF(about);
        return NULL;
    }
    return Py_BuildValue("(INNN)", (unsigned)event.type, name, data, about);
}

static PyObject* call_fileno(PyObject* object, PyObject* unused) {
    (void)unused;
    CallObject* const self = (CallObject*)object;
    const int descriptor = self->call ? library.descriptor(self->call) : -1;
    if (descriptor < 0) {
        PyErr_SetString(PyExc_OSError, "the call has no descriptor");
        return NULL;
    }
    return PyLong_FromLong(descriptor);
}

static PyObject* call_watch(PyObject* object, PyObject* list) {
    const int news = ready_watch(&((CallObject*)object)->link, list);
    return news < 0 ? NULL : PyBool_FromLong(news);
}

static PyObject* call_cancel(PyObject* object, PyObject* unused) {
    (void)unused;
    CallObject* const self = (CallObject*)object;
    if (self->call) library.cancel(self->call);
    Py_RETURN_NONE;
}

static PyMethodDef client_methods[] = {
    {"start", client_start, METH_VARARGS,
     "start(operation, request, id=None) -> Call\n\nStarts a call; `request` is a JSON text."},
    {"look_up", client_look_up, METH_VARARGS, "look_up(what, about) -> JSON text"},
    {"close", client_close, METH_NOARGS, "Cancels what is under way and ends the client."},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef client_members[] = {
    {"problems", client_problems, NULL, "What is wrong: (is_error, place, message)", NULL},
    {"is_open", client_is_open, NULL, "False: it could not be opened, or is closed", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot client_slots[] = {
    {Py_tp_new, client_new},
    {Py_tp_dealloc, client_dealloc},
    {Py_tp_methods, client_methods},
    {Py_tp_getset, client_members},
    {Py_tp_doc, "A client of the engine, with an event loop and a thread of its own."},
    {0, NULL},
};
static PyType_Spec client_spec = {"patchbay._native.Client", sizeof(ClientObject), 0,
                                  Py_TPFLAGS_DEFAULT, client_slots};

static PyMethodDef call_methods[] = {
    {"next", call_next, METH_O,
     "next(timeout_ms) -> (type, name, data, about) or None\n\nWaits for the next event; less than "
     "0 "
     "waits without an end."},
    {"fileno", call_fileno, METH_NOARGS,
     "A descriptor that is readable while next(0) gives an event."},
    {"watch", call_watch, METH_O,
     "watch(ready) -> bool\n\nPuts the call on a Ready when an event comes after next(0) gave "
     "none. "
     "True: it "
     "was not so before, and next(0) must be asked once more."},
    {"cancel", call_cancel, METH_NOARGS, "Ends the call soon."},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot call_slots[] = {
    {Py_tp_dealloc, call_dealloc},
    {Py_tp_methods, call_methods},
    {Py_tp_doc, "One call. When it is collected, the call is cancelled."},
    {0, NULL},
};
static PyType_Spec call_spec = {"patchbay._native.Call", sizeof(CallObject), 0,
                                Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, call_slots};

static PyMethodDef module_methods[] = {
    {"load", native_load, METH_VARARGS, "load(path, before): opens the library."},
    {NULL, NULL, 0, NULL},
};
static struct PyModuleDef module_definition = {
    PyModuleDef_HEAD_INIT, "patchbay._native", NULL, -1, module_methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__native(void) {
    PyObject* const module = PyModule_Create(&module_definition);
    if (!module) return NULL;
    PyObject* const client_type = PyType_FromSpec(&client_spec);
    call_type = PyType_FromSpec(&call_spec);
    PyObject* const list_type = ready_type();
    if (!client_type || !call_type || !list_type ||
        PyModule_AddObjectRef(module, "Ready", list_type) < 0 ||
        PyModule_AddObjectRef(module, "Client", client_type) < 0 ||
        PyModule_AddObjectRef(module, "Call", call_type) < 0) {
        Py_DECREF(module);
        return NULL;
    }
    Py_DECREF(client_type);
    return module;
}
