//! A provider for an endpoint that speaks OpenAI's chat API. The client's request goes on as it came, with another model
//! name in it, and the answer comes back as it is: the host moves the bytes, and this file only says where to and what
//! went wrong.

#[macro_use]
pub mod bay;
pub mod json;

use bay::{Http, Out, Request, Seg, Status};

struct Template;

impl bay::Provider for Template {
    const ID: &'static str = "template";
    type Machine = Chat;
    fn create(_config: &str) -> Result<Self, (String, String)> {
        Ok(Template)
    }
    fn open(&self) -> Chat {
        Chat
    }
}

/// One chat request: one call, whose answer is passed through.
struct Chat;

impl bay::Exchange for Chat {
    fn on_request(&mut self, request: &Request, out: &mut Out) -> Status {
        if request.operation.text() != "chat.completions" {
            return out.fail(bay::ERR_UNSUPPORTED, "this provider only does chat.completions", 0, b"");
        }
        let target = request.target();
        let stream = request.flags & bay::REQ_STREAM != 0;
        let model = json::quote(target.model.text());
        let body = rewrite(request, &model, stream && request.flags & bay::REQ_WANT_USAGE != 0);
        let url = format!("{}/chat/completions", target.base_url.text());
        let key = format!("Bearer {}", target.api_key.text());
        let mut headers = vec![("content-type", "application/json")];
        if !target.api_key.bytes().is_empty() {
            headers.push(("authorization", &key));
        }
        out.post(&url, &headers, if stream { bay::DECODE_SSE } else { bay::DECODE_BUFFER }, &body)
    }

    fn on_http_head(&mut self, head: &Http, out: &mut Out) -> Status {
        if head.status / 100 == 2 {
            out.pass_through(head.call)
        } else {
            bay::OK
        }
    }

    /// While the answer is passed through, only frames with an "error" come here.
    fn on_http_frame(&mut self, frame: &Http, out: &mut Out) -> Status {
        fail_with_body(out, bay::ERR_UPSTREAM, "the stream broke", frame)
    }

    fn on_http_done(&mut self, answer: &Http, out: &mut Out) -> Status {
        if answer.failure != 0 {
            let cls = match answer.failure {
                bay::FAIL_TIMEOUT => bay::ERR_TIMEOUT,
                bay::FAIL_DENIED => bay::ERR_PERMISSION,
                _ => bay::ERR_UPSTREAM,
            };
            return out.fail(cls, "the provider could not be reached", answer.status, b"");
        }
        if answer.status / 100 == 2 {
            return out.done();
        }
        let fallback = format!("the provider answered {}", answer.status);
        fail_with_body(out, class_of_status(answer.status), &fallback, answer)
    }
}

/// The request with `model` in place of the client's, and asking for the usage of a stream: pieces of what the host
/// holds, and bytes between them.
fn rewrite(request: &Request, model: &str, ask_usage: bool) -> Vec<Seg> {
    const USAGE: &[u8] = br#"{"include_usage":true}"#;
    let mut body = Vec::new();
    let mut taken = 0;
    let mut usage_is_there = false;
    let mut end = 0;
    // An empty range is left out: length 0 would mean "to the end".
    let keep = |body: &mut Vec<Seg>, from: u64, to: u64| {
        if to > from {
            body.push(Seg::request(from, to - from));
        }
    };
    for member in request.members() {
        let is_usage = ask_usage && member.name.bytes() == b"stream_options";
        end = member.value_off + member.value.bytes().len() as u64;
        if !is_usage && member.name.bytes() != b"model" {
            continue;
        }
        keep(&mut body, taken, member.value_off);
        body.push(Seg::bytes(if is_usage { USAGE } else { model.as_bytes() }));
        taken = end;
        usage_is_there |= is_usage;
    }
    if ask_usage && !usage_is_there {
        // A stream has at least the member "stream", so there is something before the comma.
        keep(&mut body, taken, end);
        body.push(Seg::bytes(br#","stream_options":"#));
        body.push(Seg::bytes(USAGE));
        taken = end;
    }
    keep(&mut body, taken, request.json.bytes().len() as u64);
    body
}

/// Fails with what the provider says in {"error":{"message":...}}, or with `fallback`.
fn fail_with_body(out: &mut Out, cls: u32, fallback: &str, http: &Http) -> Status {
    let body = http.data.bytes();
    let said = json::member(body, "error").and_then(|error| json::member(error, "message")).and_then(json::string);
    out.fail(cls, said.as_deref().unwrap_or(fallback), http.status, body)
}

fn class_of_status(status: i32) -> u32 {
    match status {
        401 => bay::ERR_AUTH,
        402 => bay::ERR_QUOTA,
        403 => bay::ERR_PERMISSION,
        404 => bay::ERR_NOT_FOUND,
        408 | 504 => bay::ERR_TIMEOUT,
        409 => bay::ERR_UPSTREAM,
        429 => bay::ERR_RATE_LIMIT,
        400..=499 => bay::ERR_BAD_REQUEST,
        _ => bay::ERR_UPSTREAM,
    }
}

plugin!(Template, "../manifest.json");
