"""The forms bodies have on the wire: multipart, server-sent events, AWS event streams."""

import base64
import binascii
import email.parser
import email.policy
import json
import struct

BOUNDARY = "recorded-7MA4YWxkTrZu0gW"


def form(parts: list[dict]) -> tuple[str, bytes]:
    """The content type and the body of recorded parts."""
    body = b""
    for part in parts:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{part["name"]}"'
        if "filename" in part:
            head += f'; filename="{part["filename"]}"'
        if "content_type" in part:
            head += f"\r\nContent-Type: {part['content_type']}"
        body += head.encode() + b"\r\n\r\n" + _data(part) + b"\r\n"
    return f"multipart/form-data; boundary={BOUNDARY}", body + f"--{BOUNDARY}--\r\n".encode()


def read_form(content_type: str, body: bytes) -> list[dict]:
    """The parts of a multipart body, in the recorded form; empty when it is none."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    parts = []
    for part in message.iter_parts() if message.is_multipart() else []:
        name = part.get_param("name", header="content-disposition")
        data = base64.b64encode(part.get_payload(decode=True)).decode()
        parts.append({"name": name, "filename": part.get_filename(), "base64": data})
    return parts


def comparable(parts: list[dict]) -> list[dict]:
    """Parts without what a client may choose (order, types of parts): name, file name, bytes as base64."""
    made = [
        {
            "name": p["name"],
            "filename": p.get("filename"),
            "base64": base64.b64encode(_data(p)).decode(),
        }
        for p in parts
    ]
    return sorted(made, key=lambda part: (part["name"], part["base64"]))


def _data(part: dict) -> bytes:
    return base64.b64decode(part["base64"]) if "base64" in part else part["text"].encode()


def reply_body(reply: dict) -> bytes:
    """The bytes of a recorded reply that is no stream."""
    if "body_base64" in reply:
        return base64.b64decode(reply["body_base64"])
    if "body_text" in reply:
        return reply["body_text"].encode()
    body = reply.get("body", "")
    if isinstance(body, dict) and body.keys() == {"base64"}:
        return base64.b64decode(body["base64"])
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()


def events(text: str) -> list[tuple[str | None, object]]:
    """(event name or None, data) of a stream of server-sent events; data as JSON where it is JSON."""
    made = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        lines = block.split("\n")
        name = next((line[6:].strip() for line in lines if line.startswith("event:")), None)
        data = "\n".join(line[5:].removeprefix(" ") for line in lines if line.startswith("data:"))
        if data:
            try:
                made.append((name, json.loads(data)))
            except ValueError:
                made.append((name, data))
    return made


def frame(event: str, payload, exception: bool = False) -> bytes:
    """One frame of an AWS event stream with its checksums."""
    names = {
        ":exception-type" if exception else ":event-type": event,
        ":content-type": "application/json",
        ":message-type": "exception" if exception else "event",
    }
    head = b"".join(
        bytes([len(k)]) + k.encode() + b"\x07" + struct.pack(">H", len(v)) + v.encode()
        for k, v in names.items()
    )
    data = payload.encode() if isinstance(payload, str) else json.dumps(payload).encode()
    prelude = struct.pack(">II", 16 + len(head) + len(data), len(head))
    prelude += struct.pack(">I", binascii.crc32(prelude))
    whole = prelude + head + data
    return whole + struct.pack(">I", binascii.crc32(whole))


def read_frames(body: bytes) -> list[dict]:
    """The recorded form of an AWS event stream; ValueError when a frame is not whole or its checksum is wrong."""
    made = []
    while body:
        if len(body) < 16:
            raise ValueError("a cut frame")
        size, head_size = struct.unpack(">II", body[:8])
        whole, body = body[:size], body[size:]
        if len(whole) < size or struct.unpack(">I", whole[-4:])[0] != binascii.crc32(whole[:-4]):
            raise ValueError("a frame with a wrong checksum")
        names, at = {}, 12
        while at < 12 + head_size:
            key = whole[at + 1 : at + 1 + whole[at]].decode()
            at += 2 + whole[at]
            length = struct.unpack(">H", whole[at : at + 2])[0]
            names[key] = whole[at + 2 : at + 2 + length].decode()
            at += 2 + length
        event = names.get(":event-type") or names.get(":exception-type")
        made.append({"event": event, "payload": json.loads(whole[12 + head_size : -4])})
    return made
