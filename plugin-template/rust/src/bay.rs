//! The part of Patchbay's plugin ABI (major 0, minor 3) that a provider needs, declared by hand from the C headers, and a
//! safe face for it: a `Provider` opens an `Exchange`, which is fed events and answers on `Out`.
//!
//! Layouts are compared with the SDK's by `bay/layout_test.rs`. Only this file has unsafe code; the contracts behind it are
//! the rules R1 to R9 at the head of `patchbay/abi.h`. Views that the host passes live until the call returns, which is
//! why every struct here carries a lifetime or is used by reference only.

use std::os::raw::{c_char, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr;

#[cfg(test)]
mod layout_test;

pub const ABI_MINOR: u32 = 3;

/// 0, or a negative `E_*`: whether the call worked. That a request failed is said with `Out::fail`.
pub type Status = i32;
pub const OK: Status = 0;
pub const E_UNSUPPORTED: Status = -2;
pub const E_INTERNAL: Status = -99;

pub const EV_REQUEST: u32 = 1;
pub const EV_HTTP_HEAD: u32 = 32;
pub const EV_HTTP_DATA: u32 = 33;
pub const EV_HTTP_FRAME: u32 = 34;
pub const EV_HTTP_DONE: u32 = 35;

pub const DECODE_BUFFER: u32 = 0;
pub const DECODE_SSE: u32 = 2;

pub const HTTP_MAIN: u32 = 1;
pub const REQ_STREAM: u32 = 1;
pub const REQ_WANT_USAGE: u32 = 4;

pub const FAIL_TIMEOUT: u32 = 2;
pub const FAIL_DENIED: u32 = 6;

pub const ERR_BAD_REQUEST: u32 = 1;
pub const ERR_AUTH: u32 = 2;
pub const ERR_PERMISSION: u32 = 3;
pub const ERR_NOT_FOUND: u32 = 4;
pub const ERR_RATE_LIMIT: u32 = 5;
pub const ERR_QUOTA: u32 = 6;
pub const ERR_TIMEOUT: u32 = 9;
pub const ERR_UPSTREAM: u32 = 11;
pub const ERR_UNSUPPORTED: u32 = 12;

/// Borrowed bytes: `bay_str`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Str {
    ptr: *const u8,
    len: usize,
}

impl Str {
    pub const NONE: Str = Str { ptr: ptr::null(), len: 0 };
    pub const fn new(bytes: &[u8]) -> Str {
        Str { ptr: bytes.as_ptr(), len: bytes.len() }
    }
    /// The host's bytes; empty if absent. Text is UTF-8 by the ABI's rules, upstream bodies are any bytes.
    pub fn bytes(&self) -> &[u8] {
        if self.ptr.is_null() {
            return &[];
        }
        // The host passes a valid view, which outlives the event that `self` is borrowed from.
        unsafe { std::slice::from_raw_parts(self.ptr, self.len) }
    }
    pub fn text(&self) -> &str {
        std::str::from_utf8(self.bytes()).unwrap_or("")
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Kv {
    pub name: Str,
    pub value: Str,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Member {
    pub name: Str,
    pub value: Str,
    pub name_off: u64,
    pub value_off: u64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Seg {
    pub kind: u32,
    pub blob: u32,
    pub bytes: Str,
    pub off: u64,
    pub len: u64,
}

impl Seg {
    /// Bytes of the plugin's.
    pub const fn bytes(bytes: &[u8]) -> Seg {
        Seg { kind: 0, blob: 0, bytes: Str::new(bytes), off: 0, len: 0 }
    }
    /// A range of the client's request; `len` 0 means to its end.
    pub const fn request(off: u64, len: u64) -> Seg {
        Seg { kind: 1, blob: 0, bytes: Str::NONE, off, len }
    }
}

#[repr(C)]
pub struct EventHeader {
    pub size: u32,
    pub kind: u32,
}

#[repr(C)]
pub struct Target {
    pub size: u32,
    pub flags: u32,
    pub model: Str,
    pub base_url: Str,
    pub api_key: Str,
    pub params: Str,
}

#[repr(C)]
pub struct Request {
    pub h: EventHeader,
    pub flags: u32,
    pub reserved: u32,
    pub operation: Str,
    pub json: Str,
    target: *const Target,
    parts: *const c_void,
    part_count: u64,
    headers: *const Kv,
    header_count: u64,
    pub path: Str,
    pub method: Str,
    pub model_off: u64,
    pub model_len: u64,
    members: *const Member,
    member_count: u64,
    pub allowed_params: Str,
    ids: *const Kv,
    id_count: u64,
    query: *const Kv,
    query_count: u64,
    pub content_type: Str,
    pub hint_params: Str,
}

impl Request {
    pub fn target(&self) -> &Target {
        unsafe { &*self.target }
    }
    /// The top-level members of `json`, in document order.
    pub fn members(&self) -> &[Member] {
        if self.members.is_null() {
            return &[];
        }
        unsafe { std::slice::from_raw_parts(self.members, self.member_count as usize) }
    }
}

#[repr(C)]
pub struct Http {
    pub h: EventHeader,
    pub call: u32,
    pub status: i32,
    pub failure: u32,
    pub last: u32,
    headers: *const Kv,
    header_count: u64,
    pub event: Str,
    pub id: Str,
    pub data: Str,
    pub error: Str,
}

#[repr(C)]
pub struct HttpReq {
    pub size: u32,
    pub call: u32,
    pub flags: u32,
    pub decode: u32,
    pub method: Str,
    pub url: Str,
    pub headers: *const Kv,
    pub header_count: u64,
    pub body: *const Seg,
    pub body_count: u64,
    pub total_ms: u32,
    pub idle_ms: u32,
    pub max_body: u64,
}

#[repr(C)]
pub struct ErrorC {
    pub size: u32,
    pub cls: u32,
    pub http_status: i32,
    pub retry: u32,
    pub retry_after_ms: u32,
    pub upstream_status: i32,
    pub message: Str,
    pub kind: Str,
    pub code: Str,
    pub param: Str,
    pub upstream_body: Str,
}

#[repr(C)]
pub struct OutC {
    pub size: u32,
    pub flags: u32,
    pub ctx: *mut c_void,
    pub http: unsafe extern "C" fn(*mut OutC, *const HttpReq) -> Status,
    pub http_abort: unsafe extern "C" fn(*mut OutC, u32) -> Status,
    pub shared_get: unsafe extern "C" fn(*mut OutC, Str) -> Status,
    pub shared_put: unsafe extern "C" fn(*mut OutC, Str, u32) -> Status,
    pub shared_drop: unsafe extern "C" fn(*mut OutC, Str, Str) -> Status,
    pub timer: unsafe extern "C" fn(*mut OutC, u32, u32) -> Status,
    pub want: unsafe extern "C" fn(*mut OutC, u32) -> Status,
    pub note: unsafe extern "C" fn(*mut OutC, Str, Str) -> Status,
    pub fail: unsafe extern "C" fn(*mut OutC, *const ErrorC) -> Status,
    pub done: unsafe extern "C" fn(*mut OutC) -> Status,
    pub result: unsafe extern "C" fn(*mut OutC, Str) -> Status,
    pub chunk: unsafe extern "C" fn(*mut OutC, Str, Str) -> Status,
    pub body: unsafe extern "C" fn(*mut OutC, Str, Str) -> Status,
    pub usage: unsafe extern "C" fn(*mut OutC, *const c_void) -> Status,
    pub pass_through: unsafe extern "C" fn(*mut OutC, u32) -> Status,
    // Slots further on are not declared: nothing here calls them, and the host's table may be longer than one's own.
}

/// Where a machine's actions go. Every function records and returns at once; what it is given is copied.
pub struct Out(*mut OutC);

impl Out {
    /// One upstream call, number 1: POST `body` to `url`.
    pub fn post(&mut self, url: &str, headers: &[(&str, &str)], decode: u32, body: &[Seg]) -> Status {
        let pairs: Vec<Kv> = headers
            .iter()
            .map(|(name, value)| Kv { name: Str::new(name.as_bytes()), value: Str::new(value.as_bytes()) })
            .collect();
        let request = HttpReq {
            size: std::mem::size_of::<HttpReq>() as u32,
            call: 1,
            flags: HTTP_MAIN,
            decode,
            method: Str::new(b"POST"),
            url: Str::new(url.as_bytes()),
            headers: pairs.as_ptr(),
            header_count: pairs.len() as u64,
            body: body.as_ptr(),
            body_count: body.len() as u64,
            total_ms: 0,
            idle_ms: 0,
            max_body: 0,
        };
        unsafe { ((*self.0).http)(self.0, &request) }
    }
    /// The request failed. `cls`: `ERR_*`; `upstream_status` 0 if there was none.
    pub fn fail(&mut self, cls: u32, message: &str, upstream_status: i32, upstream_body: &[u8]) -> Status {
        let error = ErrorC {
            size: std::mem::size_of::<ErrorC>() as u32,
            cls,
            http_status: 0,
            retry: 0,
            retry_after_ms: 0,
            upstream_status,
            message: Str::new(message.as_bytes()),
            kind: Str::NONE,
            code: Str::NONE,
            param: Str::NONE,
            upstream_body: Str::new(upstream_body),
        };
        unsafe { ((*self.0).fail)(self.0, &error) }
    }
    pub fn done(&mut self) -> Status {
        unsafe { ((*self.0).done)(self.0) }
    }
    /// The whole OpenAI-shaped answer; ends the exchange.
    pub fn result(&mut self, json: &str) -> Status {
        unsafe { ((*self.0).result)(self.0, Str::new(json.as_bytes())) }
    }
    /// One OpenAI-shaped event of a stream.
    pub fn chunk(&mut self, json: &str) -> Status {
        unsafe { ((*self.0).chunk)(self.0, Str::NONE, Str::new(json.as_bytes())) }
    }
    /// Only in `on_http_head` of a 2xx answer: the host forwards the body as it is.
    pub fn pass_through(&mut self, call: u32) -> Status {
        unsafe { ((*self.0).pass_through)(self.0, call) }
    }
}

/// One state machine, for one request. Events, and what they point to, are valid until the function returns. A status
/// other than OK, and a panic, end the exchange as a fault of the plugin.
pub trait Exchange: Send {
    fn on_request(&mut self, request: &Request, out: &mut Out) -> Status;
    fn on_http_head(&mut self, _head: &Http, _out: &mut Out) -> Status {
        OK
    }
    fn on_http_data(&mut self, _data: &Http, _out: &mut Out) -> Status {
        E_UNSUPPORTED
    }
    fn on_http_frame(&mut self, _frame: &Http, _out: &mut Out) -> Status {
        E_UNSUPPORTED
    }
    /// Last event of a call, also of one that failed: look at `failure` and `status`.
    fn on_http_done(&mut self, done: &Http, out: &mut Out) -> Status;
}

/// One component with one configuration; `open` comes from any thread, many at once.
pub trait Provider: Send + Sync + Sized + 'static {
    /// Its id in the manifest.
    const ID: &'static str;
    type Machine: Exchange + 'static;
    /// `config` is JSON, valid against the manifest's schema. An error is a JSON pointer into it, and what is wrong there.
    fn create(config: &str) -> Result<Self, (String, String)>;
    fn open(&self) -> Self::Machine;
}

// ---- from traits to the ABI's tables ----

#[repr(C)]
pub struct ComponentC {
    pub size: u32,
    pub flags: u32,
    pub id: Str,
}

#[repr(C)]
pub struct CreateInfo {
    pub size: u32,
    pub flags: u32,
    pub component: Str,
    pub name: Str,
    pub config: Str,
}

#[repr(C)]
pub struct DiagC {
    pub size: u32,
    pub flags: u32,
    pub ctx: *mut c_void,
    pub report: unsafe extern "C" fn(*mut DiagC, u32, Str, Str),
}

#[repr(C)]
pub struct KindC {
    pub size: u32,
    pub flags: u32,
    pub component: unsafe extern "C" fn(u32) -> *const ComponentC,
    pub create: unsafe extern "C" fn(*const CreateInfo, *mut DiagC, *mut *mut c_void) -> Status,
    pub destroy: unsafe extern "C" fn(*mut c_void),
    pub open: unsafe extern "C" fn(*mut c_void, *const c_void, *mut *mut c_void) -> Status,
    pub feed: unsafe extern "C" fn(*mut c_void, *const EventHeader, *mut OutC) -> Status,
    pub close: unsafe extern "C" fn(*mut c_void),
}

#[repr(C)]
pub struct EntryC {
    pub size: u32,
    pub abi_minor: u32,
    pub min_host_minor: u32,
    pub flags: u32,
    pub manifest: Str,
    pub init: unsafe extern "C" fn(*const c_void, *mut DiagC) -> Status,
    pub deinit: unsafe extern "C" fn(),
    pub get_kind: unsafe extern "C" fn(*const c_char) -> *const KindC,
}

// Tables of constants, never written.
unsafe impl Sync for ComponentC {}
unsafe impl Sync for EntryC {}

/// The panic barrier of every function the host calls (rule R4).
pub fn guarded(f: impl FnOnce() -> Status) -> Status {
    catch_unwind(AssertUnwindSafe(f)).unwrap_or(E_INTERNAL)
}

/// The functions of `bay_kind` for one provider. Instances are `Box<P>`, exchanges `Box<P::Machine>`.
pub mod provider {
    use super::*;

    pub unsafe extern "C" fn create<P: Provider>(
        info: *const CreateInfo,
        diag: *mut DiagC,
        out: *mut *mut c_void,
    ) -> Status {
        guarded(|| match P::create((*info).config.text()) {
            Ok(made) => {
                *out = Box::into_raw(Box::new(made)).cast();
                OK
            }
            Err((pointer, message)) => {
                const LOG_ERROR: u32 = 4;
                ((*diag).report)(diag, LOG_ERROR, Str::new(pointer.as_bytes()), Str::new(message.as_bytes()));
                -1
            }
        })
    }
    pub unsafe extern "C" fn destroy<P: Provider>(instance: *mut c_void) {
        guarded(|| {
            drop(Box::from_raw(instance.cast::<P>()));
            OK
        });
    }
    pub unsafe extern "C" fn open<P: Provider>(
        instance: *mut c_void,
        _info: *const c_void,
        out: *mut *mut c_void,
    ) -> Status {
        guarded(|| {
            *out = Box::into_raw(Box::new((*instance.cast::<P>()).open())).cast();
            OK
        })
    }
    pub unsafe extern "C" fn feed<P: Provider>(
        exchange: *mut c_void,
        event: *const EventHeader,
        out: *mut OutC,
    ) -> Status {
        guarded(|| {
            let machine = &mut *exchange.cast::<P::Machine>();
            let mut out = Out(out);
            let http = event.cast::<Http>();
            match (*event).kind {
                EV_REQUEST => machine.on_request(&*event.cast::<Request>(), &mut out),
                EV_HTTP_HEAD => machine.on_http_head(&*http, &mut out),
                EV_HTTP_DATA => machine.on_http_data(&*http, &mut out),
                EV_HTTP_FRAME => machine.on_http_frame(&*http, &mut out),
                EV_HTTP_DONE => machine.on_http_done(&*http, &mut out),
                _ => E_UNSUPPORTED,
            }
        })
    }
    pub unsafe extern "C" fn close<P: Provider>(exchange: *mut c_void) {
        guarded(|| {
            drop(Box::from_raw(exchange.cast::<P::Machine>()));
            OK
        });
    }

    /// No message and no backtrace on standard error, which is the gateway's: the status tells it.
    pub unsafe extern "C" fn init(_host: *const c_void, _diag: *mut DiagC) -> Status {
        guarded(|| {
            std::panic::set_hook(Box::new(|_| {}));
            OK
        })
    }
    pub unsafe extern "C" fn deinit() {
        guarded(|| {
            drop(std::panic::take_hook());
            OK
        });
    }
}

/// The exported function of a plugin file with one provider, and its manifest: `bay::plugin!(Type, "../manifest.json")`.
/// The path is as in `include_bytes!`. Once per file.
#[macro_export]
macro_rules! plugin {
    ($provider:ty, $manifest:literal) => {
        const MANIFEST_SIZE: usize = include_bytes!($manifest).len();
        #[used]
        #[link_section = ".bay_manifest"]
        static MANIFEST: [u8; MANIFEST_SIZE] = *include_bytes!($manifest);

        unsafe extern "C" fn component(index: u32) -> *const $crate::bay::ComponentC {
            static COMPONENT: $crate::bay::ComponentC = $crate::bay::ComponentC {
                size: std::mem::size_of::<$crate::bay::ComponentC>() as u32,
                flags: 0,
                id: $crate::bay::Str::new(<$provider as $crate::bay::Provider>::ID.as_bytes()),
            };
            if index == 0 {
                &COMPONENT
            } else {
                std::ptr::null()
            }
        }
        unsafe extern "C" fn get_kind(id: *const std::os::raw::c_char) -> *const $crate::bay::KindC {
            static KIND: $crate::bay::KindC = $crate::bay::KindC {
                size: std::mem::size_of::<$crate::bay::KindC>() as u32,
                flags: 0,
                component,
                create: $crate::bay::provider::create::<$provider>,
                destroy: $crate::bay::provider::destroy::<$provider>,
                open: $crate::bay::provider::open::<$provider>,
                feed: $crate::bay::provider::feed::<$provider>,
                close: $crate::bay::provider::close::<$provider>,
            };
            if std::ffi::CStr::from_ptr(id).to_bytes() == b"bay.provider/1" {
                &KIND
            } else {
                std::ptr::null()
            }
        }
        static ENTRY: $crate::bay::EntryC = $crate::bay::EntryC {
            size: std::mem::size_of::<$crate::bay::EntryC>() as u32,
            abi_minor: $crate::bay::ABI_MINOR,
            min_host_minor: $crate::bay::ABI_MINOR,
            flags: 0,
            manifest: $crate::bay::Str::new(&MANIFEST),
            init: $crate::bay::provider::init,
            deinit: $crate::bay::provider::deinit,
            get_kind,
        };
        #[no_mangle]
        pub extern "C" fn bay_entry_v0() -> *const $crate::bay::EntryC {
            &ENTRY
        }
    };
}
