"""Bedrock Runtime's API: AWS's SDK, requests, streams and errors of it."""

import base64
import binascii
import json
import os
import struct
from urllib.parse import quote

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.eventstream import EventStreamBuffer

from . import canary
from .wire import Answer, ask

TOOL = {
    "toolSpec": {
        "name": "get_weather",
        "description": "The weather of a city",
        "inputSchema": {
            "json": {
                "type": "object",
                "properties": {"city": {"type": "string"}},
                "required": ["city"],
            }
        },
    }
}
#: Nothing of this machine, and nothing of the network.
ENVIRONMENT = {
    "AWS_BEARER_TOKEN_BEDROCK": canary.MASTER,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_REGION": "us-east-1",
}


def client(url: str, key: str = canary.MASTER):
    """AWS's SDK without retries. It sends bearer tokens over HTTPS only; over HTTP its users set the header."""
    settings = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1})
    made = boto3.session.Session(region_name="us-east-1").client(
        "bedrock-runtime", endpoint_url=url, config=settings
    )

    def send_key(request, **_):
        request.headers["authorization"] = f"Bearer {key}"

    made.meta.events.register("before-send.bedrock-runtime", send_key)
    return made


def body(script: str = "default", text: str = "Hello", **more) -> dict:
    turn = {"role": "user", "content": [{"text": f"{text} script:{script}"}]}
    return {"messages": [turn], **more}


def call(gateway, asked, action="converse", model="m", prefix="/bedrock", **options) -> Answer:
    """One request by hand; the key as AWS's SDKs send it."""
    path = f"{prefix}/model/{quote(model, safe='')}/{action}"
    return ask(gateway.port, asked, **{"path": path, **options})


def frame(event: str, payload: dict, kind: str = "event") -> bytes:
    """One message of AWS's event stream, as Bedrock sends it: an event, or an exception."""
    names = {f":{kind}-type": event, ":content-type": "application/json", ":message-type": kind}
    head = b"".join(
        bytes([len(name)]) + name.encode() + b"\x07" + struct.pack(">H", len(text)) + text.encode()
        for name, text in names.items()
    )
    data = json.dumps(payload).encode()
    prelude = struct.pack(">II", 16 + len(head) + len(data), len(head))
    prelude += struct.pack(">I", binascii.crc32(prelude))
    whole = prelude + head + data
    return whole + struct.pack(">I", binascii.crc32(whole))


def streamed(*events):
    """A script that streams these events, each (type, payload) or bytes."""

    async def script(exchange):
        await exchange.start_stream([("content-type", "application/vnd.amazon.eventstream")])
        for event in events:
            await exchange.chunk(event if isinstance(event, bytes) else frame(*event))
        await exchange.finish()

    return script


def told(blocks, stop: str = "end_turn", usage=None) -> dict:
    """A whole answer of Bedrock's."""
    message = {"role": "assistant", "content": list(blocks)}
    return {
        "output": {"message": message},
        "stopReason": stop,
        "usage": usage or {"inputTokens": 11, "outputTokens": 4, "totalTokens": 15},
        "metrics": {"latencyMs": 1},
    }


def events_of(answer: dict) -> list[tuple[str, dict]]:
    """The same answer as the events of a stream; texts in two pieces."""
    found = [("messageStart", {"role": "assistant"})]
    for index, block in enumerate(answer["output"]["message"]["content"]):
        at = {"contentBlockIndex": index}
        if "toolUse" in block:
            call = block["toolUse"]
            start = {"toolUse": {"toolUseId": call["toolUseId"], "name": call["name"]}}
            found.append(("contentBlockStart", {**at, "start": start}))
            pieces = [{"toolUse": {"input": piece}} for piece in halves(json.dumps(call["input"]))]
        elif "reasoningContent" in block:
            thought = block["reasoningContent"]["reasoningText"]
            pieces = [{"reasoningContent": {"text": piece}} for piece in halves(thought["text"])]
            pieces.append({"reasoningContent": {"signature": thought["signature"]}})
        else:
            pieces = [{"text": piece} for piece in halves(block["text"])]
        found += [("contentBlockDelta", {**at, "delta": piece}) for piece in pieces]
        found.append(("contentBlockStop", at))
    found.append(("messageStop", {"stopReason": answer["stopReason"]}))
    found.append(("metadata", {"usage": answer["usage"], "metrics": answer["metrics"]}))
    return found


def halves(text: str) -> list[str]:
    return [piece for piece in (text[: len(text) // 2], text[len(text) // 2 :]) if piece]


def frames(answer: Answer) -> list[tuple[dict, dict]]:
    """The messages of a stream: headers, payload. botocore checks lengths and checksums."""
    buffer = EventStreamBuffer()
    buffer.add_data(answer.body)
    found = [(frame.headers, json.loads(frame.payload)) for frame in buffer]
    assert not buffer._data, "a stream ends with a whole message"  # noqa: SLF001
    return found


def events(answer: Answer) -> list[tuple[str, dict]]:
    """The events of a good stream."""
    found = []
    for headers, payload in frames(answer):
        assert headers[":message-type"] == "event", (headers, payload)
        assert headers[":content-type"] == "application/json"
        found.append((headers[":event-type"], payload))
    return found


def chunks(answer: Answer) -> list[dict]:
    """What the chunks of a stream of InvokeModel hold."""
    found = events(answer)
    assert all(kind == "chunk" and set(payload) == {"bytes"} for kind, payload in found), found
    return [json.loads(base64.b64decode(payload["bytes"])) for _, payload in found]


def joined(found) -> dict:
    """The answer that the events of a stream make, as Converse gives it whole."""
    blocks, answer = {}, {}
    for kind, event in found:
        block = blocks.setdefault(event.get("contentBlockIndex"), {})
        if kind == "contentBlockStart":
            block.update(json.loads(json.dumps(event["start"])))
        elif kind == "contentBlockDelta":
            add(block, event["delta"])
        elif kind in ("messageStop", "metadata"):
            answer |= event
    blocks.pop(None, None)
    content = [blocks[index] for index in sorted(blocks)]
    for block in content:
        if "toolUse" in block:
            block["toolUse"]["input"] = json.loads(block["toolUse"].get("input") or "{}")
    return {**answer, "output": {"message": {"role": "assistant", "content": content}}}


def add(block: dict, delta: dict):
    if "text" in delta:
        block["text"] = block.get("text", "") + delta["text"]
    elif "toolUse" in delta:
        call = block["toolUse"]
        call["input"] = call.get("input", "") + delta["toolUse"]["input"]
    elif "reasoningContent" in delta:
        piece = delta["reasoningContent"]
        thought = block.setdefault("reasoningContent", {})
        if "redactedContent" in piece:
            thought["redactedContent"] = piece["redactedContent"]
            return
        words = thought.setdefault("reasoningText", {"text": ""})
        words["text"] += piece.get("text", "")
        if "signature" in piece:
            words["signature"] = piece["signature"]


def words(answer: dict) -> str:
    """The text of an answer."""
    content = answer["output"]["message"]["content"]
    return "".join(block.get("text", "") for block in content)


def check_error(answer: Answer, status: int, kind: str, said: str):
    """AWS's shape, and nothing of OpenAI's."""
    assert answer.status == status, answer.body
    assert answer.headers["x-amzn-errortype"] == kind
    assert answer.headers["x-amzn-requestid"]
    assert set(answer.json) == {"message"}
    assert said in answer.json["message"]
