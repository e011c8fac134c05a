"""Request bodies, written to files for the load generator."""

import json

SENTENCES = [
    "The harbour office opens at six, and the first boats are usually back before the fog has lifted.",
    'She wrote "do not open before the auction" on the lid, and then forgot which auction she had meant.',
    "Rain is measured in millimetres, but what the farmers remember is the week in which it did not fall.",
    "A good index lets a reader find what the author did not know would be looked for.",
    "The bridge was closed for repairs;\n\n- pedestrians took the ferry\n- cars went round by the mill.",
    "Nobody had counted the lamps along the quay until somebody had to pay for their oil.",
]


def small():
    return {
        "model": "bench",
        "messages": [
            {"role": "system", "content": "You are a careful assistant. Answer briefly."},
            {"role": "user", "content": "How far can a lighthouse be seen at sea, and why?"},
        ],
        "temperature": 0.7,
        "max_tokens": 200,
    }


def uncached():
    """An answer to it is not kept."""
    return {**small(), "cache": {"no-store": True}}


def large(size=120 * 1024):
    """A long conversation of messages of some 2 KB, with quotes and line breaks in them."""
    body = small()
    n = 0
    while len(json.dumps(body)) < size:
        text = " ".join(SENTENCES[(n + i) % len(SENTENCES)] for i in range(20))
        body["messages"].append({"role": "assistant" if n % 2 else "user", "content": text})
        n += 1
    body["messages"].append({"role": "user", "content": "Put all of this in one sentence."})
    return body


def streamed():
    body = small()
    body.update(stream=True, stream_options={"include_usage": True})
    return body


def messages():
    """What small() asks, in Anthropic's words."""
    return {
        "model": "bench",
        "system": "You are a careful assistant. Answer briefly.",
        "messages": [{"role": "user", "content": "How far can a lighthouse be seen at sea, and why?"}],
        "temperature": 0.7,
        "max_tokens": 200,
    }


def responses():
    """The same in the words of the Responses API."""
    return {
        "model": "bench",
        "instructions": "You are a careful assistant. Answer briefly.",
        "input": [{"role": "user", "content": "How far can a lighthouse be seen at sea, and why?"}],
        "temperature": 0.7,
        "max_output_tokens": 200,
        "store": False,
    }


def generate():
    """And in Google's; the model stands in the path."""
    question = "How far can a lighthouse be seen at sea, and why?"
    return {
        "systemInstruction": {"parts": [{"text": "You are a careful assistant. Answer briefly."}]},
        "contents": [{"role": "user", "parts": [{"text": question}]}],
        "generationConfig": {"temperature": 0.7, "maxOutputTokens": 200},
    }


def embeddings(inputs=100):
    return {
        "model": "bench",
        "input": [SENTENCES[i % len(SENTENCES)] for i in range(inputs)],
        "encoding_format": "float",
    }


def with_stream(made):
    return lambda: {**made(), "stream": True}


# Each kind: what makes its body, and the path it is sent to.
KINDS = {
    "small": (small, "/v1/chat/completions"),
    "uncached": (uncached, "/v1/chat/completions"),
    "large": (large, "/v1/chat/completions"),
    "streamed": (streamed, "/v1/chat/completions"),
    "messages": (messages, "/v1/messages"),
    "streamed-messages": (with_stream(messages), "/v1/messages"),
    "streamed-responses": (with_stream(responses), "/v1/responses"),
    "embeddings": (embeddings, "/v1/embeddings"),
    "responses": (responses, "/v1/responses"),
    "generate": (generate, "/v1beta/models/bench:generateContent"),
}


def path(kind):
    return KINDS[kind][1]


def write(directory, model, kind):
    body = KINDS[kind][0]()
    if "model" in body:  # else the path names it
        body["model"] = model
    file = directory / f"{model}-{kind}.json"
    file.write_text(json.dumps(body, separators=(",", ":")))
    return file
