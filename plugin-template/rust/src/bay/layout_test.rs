//! The declarations of bay.rs against the layout that is locked in the SDK (share/patchbay/abi/0.3.layout).

use super::*;
use std::collections::HashMap;
use std::mem::{align_of, size_of, MaybeUninit};
use std::ptr::addr_of;

fn pointed_to<T>(_: *const T) -> usize {
    size_of::<T>()
}

/// Lines of the layout file by their names: "bay_str.len" -> "8 8", "struct bay_str" -> "16 align 8".
fn locked() -> HashMap<String, String> {
    let sdk = std::env::var("PATCHBAY_SDK").expect("set PATCHBAY_SDK to where the Patchbay SDK is installed");
    let path = format!("{}/share/patchbay/abi/0.{}.layout", sdk, ABI_MINOR);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {}", path, error));
    text.lines()
        .filter_map(|line| {
            let name_ends = if line.starts_with("struct ") { 7 + line[7..].find(' ')? } else { line.find(' ')? };
            Some((line[..name_ends].to_string(), line[name_ends + 1..].to_string()))
        })
        .collect()
}

/// Checks place and size of every field named.
macro_rules! same {
    ($locked:expr, $rust:ident, $c:literal, $($field:ident = $c_field:literal),+) => {{
        let place = MaybeUninit::<$rust>::uninit();
        let base = place.as_ptr();
        $(
            let field = unsafe { addr_of!((*base).$field) };
            let here = format!("{} {}", field as usize - base as usize, pointed_to(field));
            let name = concat!($c, ".", $c_field);
            assert_eq!(Some(&here), $locked.get(name), "{}", name);
        )+
    }};
}
macro_rules! same_size {
    ($locked:expr, $($rust:ident = $c:literal),+) => {
        $(
            let here = format!("{} align {}", size_of::<$rust>(), align_of::<$rust>());
            assert_eq!(Some(&here), $locked.get(concat!("struct ", $c)), $c);
        )+
    };
}

#[test]
#[rustfmt::skip]
fn layouts_are_those_of_the_sdk() {
    let locked = locked();
    // OutC is not here: it is read through the host's pointer, and declared only as far as it is used.
    same_size!(locked, Str = "bay_str", Kv = "bay_kv", Member = "bay_member", Seg = "bay_seg", EventHeader = "bay_event",
               Target = "bay_target", Request = "bay_ev_request", Http = "bay_ev_http", HttpReq = "bay_http_req",
               ErrorC = "bay_error", ComponentC = "bay_component", CreateInfo = "bay_create_info", DiagC = "bay_diag",
               KindC = "bay_kind", EntryC = "bay_entry");
    same!(locked, Str, "bay_str", ptr = "ptr", len = "len");
    same!(locked, Kv, "bay_kv", name = "name", value = "value");
    same!(locked, Member, "bay_member", name = "name", value = "value", name_off = "name_off", value_off = "value_off");
    same!(locked, Seg, "bay_seg", kind = "kind", blob = "blob", bytes = "bytes", off = "off", len = "len");
    same!(locked, EventHeader, "bay_event", size = "size", kind = "type");
    same!(locked, Target, "bay_target", size = "size", flags = "flags", model = "model", base_url = "base_url",
          api_key = "api_key", params = "params");
    same!(locked, Request, "bay_ev_request", h = "h", flags = "flags", reserved = "reserved", operation = "operation",
          json = "json", target = "target", parts = "parts", part_count = "part_count", headers = "headers",
          header_count = "header_count", path = "path", method = "method", model_off = "model_off",
          model_len = "model_len", members = "members", member_count = "member_count",
          allowed_params = "allowed_params", ids = "ids", id_count = "id_count", query = "query",
          query_count = "query_count", content_type = "content_type", hint_params = "hint_params");
    same!(locked, Http, "bay_ev_http", h = "h", call = "call", status = "status", failure = "failure", last = "last",
          headers = "headers", header_count = "header_count", event = "event", id = "id", data = "data",
          error = "error");
    same!(locked, HttpReq, "bay_http_req", size = "size", call = "call", flags = "flags", decode = "decode",
          method = "method", url = "url", headers = "headers", header_count = "header_count", body = "body",
          body_count = "body_count", total_ms = "total_ms", idle_ms = "idle_ms", max_body = "max_body");
    same!(locked, ErrorC, "bay_error", size = "size", cls = "cls", http_status = "http_status", retry = "retry",
          retry_after_ms = "retry_after_ms", upstream_status = "upstream_status", message = "message", kind = "type",
          code = "code", param = "param", upstream_body = "upstream_body");
    same!(locked, OutC, "bay_out", size = "size", flags = "flags", ctx = "ctx", http = "http",
          http_abort = "http_abort", shared_get = "shared_get", shared_put = "shared_put",
          shared_drop = "shared_drop", timer = "timer", want = "want", note = "note", fail = "fail", done = "done",
          result = "result", chunk = "chunk", body = "body", usage = "usage", pass_through = "pass_through");
    same!(locked, ComponentC, "bay_component", size = "size", flags = "flags", id = "id");
    same!(locked, CreateInfo, "bay_create_info", size = "size", flags = "flags", component = "component",
          name = "name", config = "config");
    same!(locked, DiagC, "bay_diag", size = "size", flags = "flags", ctx = "ctx", report = "report");
    same!(locked, KindC, "bay_kind", size = "size", flags = "flags", component = "component", create = "create",
          destroy = "destroy", open = "open", feed = "feed", close = "close");
    same!(locked, EntryC, "bay_entry", size = "size", abi_minor = "abi_minor", min_host_minor = "min_host_minor",
          flags = "flags", manifest = "manifest", init = "init", deinit = "deinit", get_kind = "get_kind");
}

#[test]
#[rustfmt::skip]
fn constants_are_those_of_the_sdk() {
    let locked = locked();
    for (name, value) in [
        ("BAY_OK", OK as i64), ("BAY_E_UNSUPPORTED", E_UNSUPPORTED.into()), ("BAY_E_INTERNAL", E_INTERNAL.into()),
        ("BAY_EV_REQUEST", EV_REQUEST.into()), ("BAY_EV_HTTP_HEAD", EV_HTTP_HEAD.into()),
        ("BAY_EV_HTTP_DATA", EV_HTTP_DATA.into()), ("BAY_EV_HTTP_FRAME", EV_HTTP_FRAME.into()),
        ("BAY_EV_HTTP_DONE", EV_HTTP_DONE.into()), ("BAY_DECODE_BUFFER", DECODE_BUFFER.into()),
        ("BAY_DECODE_SSE", DECODE_SSE.into()), ("BAY_HTTP_MAIN", HTTP_MAIN.into()),
        ("BAY_REQ_STREAM", REQ_STREAM.into()), ("BAY_REQ_WANT_USAGE", REQ_WANT_USAGE.into()),
        ("BAY_FAIL_TIMEOUT", FAIL_TIMEOUT.into()), ("BAY_FAIL_DENIED", FAIL_DENIED.into()),
        ("BAY_ERR_BAD_REQUEST", ERR_BAD_REQUEST.into()), ("BAY_ERR_AUTH", ERR_AUTH.into()),
        ("BAY_ERR_PERMISSION", ERR_PERMISSION.into()), ("BAY_ERR_NOT_FOUND", ERR_NOT_FOUND.into()),
        ("BAY_ERR_RATE_LIMIT", ERR_RATE_LIMIT.into()), ("BAY_ERR_TIMEOUT", ERR_TIMEOUT.into()),
        ("BAY_ERR_QUOTA", ERR_QUOTA.into()), ("BAY_ERR_UPSTREAM", ERR_UPSTREAM.into()),
        ("BAY_ERR_UNSUPPORTED", ERR_UNSUPPORTED.into()),
    ] {
        assert_eq!(Some(&format!("= {}", value)), locked.get(name), "{}", name);
    }
}

/// What a panic becomes at the boundary.
#[test]
fn a_panic_is_an_internal_error() {
    std::panic::set_hook(Box::new(|_| {}));
    assert_eq!(guarded(|| panic!("no")), E_INTERNAL);
    drop(std::panic::take_hook());
    assert_eq!(guarded(|| OK), OK);
}
