"""Files that requests name by their addresses, for providers that follow no links: the gateway fetches them, from public
addresses and from hosts that are listed, and nothing else is asked for a client."""

import base64
import json

import pytest

from support import answers, bedrock, canary, messages
from support.gateway import Gateway, config, deployment
from support.upstream import Upstream
from support.wire import ask

PNG = b"\x89PNG\r\n\x1a\n\xfb\xff\xfe\x00"
PDF = b"%PDF-1.7\n..."
PNG_URL = "data:image/png;base64," + base64.b64encode(PNG).decode()
NOVA = "bedrock/us.amazon.nova-lite-v1:0"
CLAUDE = "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0"


async def serve(exchange):
    """A web server with files."""
    path = exchange.path.partition("?")[0]
    plain = {"/cat.png": ("image/png", PNG), "/a.pdf": ("Application/PDF; v=1", PDF), "/raw": ("application/octet-stream", PNG),
             "/note.txt": ("text/plain; charset=utf-8", "Grüße".encode()), "/unknown": ("binary/octet-stream", b"abc")}
    if path in plain:
        kind, body = plain[path]
        return await exchange.answer(200, body, [("content-type", kind)])
    if path.startswith("/to/"):
        return await exchange.answer(302, b"", [("location", exchange.path.removeprefix("/to/"))])
    if path == "/round":
        return await exchange.answer(301, b"", [("location", "/round")])
    if path.startswith("/size/"):
        return await exchange.answer(200, bytes(int(path[6:])), [("content-type", "image/png")])
    if path == "/cut":
        await exchange.send(b"HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: 100\r\n\r\n" + PNG)
        return exchange.close()
    if path == "/coded":
        return await exchange.answer(200, PNG, [("content-type", "image/png"), ("content-encoding", "gzip")])
    await exchange.answer(404, b"")


async def says(exchange):
    if "/converse" in exchange.path:
        return await exchange.answer(200, bedrock.told([{"text": "A cat."}], "end_turn"))
    if exchange.path.startswith("/api/chat"):
        return await exchange.answer(200, {"model": "m", "message": {"role": "assistant", "content": "A cat."}, "done": True, "done_reason": "stop"})
    if "chat/completions" in exchange.path:
        return await exchange.answer(200, answers.completion("A cat."))
    await exchange.answer(200, messages.message([{"type": "text", "text": "A cat."}]))


@pytest.fixture(scope="module")
def files():
    server = Upstream({"default": serve})
    yield server
    server.stop()


@pytest.fixture
def seen(files, upstream):
    """What the file server was asked for."""
    files.clear()
    upstream.clear()
    return lambda: [(x.method, x.path) for x in files.requests]


def models(upstream, **params):
    return (
        deployment("nova", NOVA, upstream.url, canary.OTHER_MASTER, **params),
        deployment("bedrock", CLAUDE, upstream.url, canary.OTHER_MASTER, **params),
        deployment("vertex", "vertex_ai/claude-sonnet-4-5@20250929", upstream.url, "ya29.x", vertex_project="p"),
        deployment("anthropic", "anthropic/claude-sonnet-4-5", upstream.url, canary.ANTHROPIC),
        deployment("ollama", "ollama_chat/llava", upstream.url, ""),
        deployment("openai", "openai/gpt-4o", upstream.url + "/v1", canary.OPENAI),
    )


@pytest.fixture(scope="module")
def gateway(upstream, files, tmp_path_factory):
    upstream.scripts["links"] = says
    settings = {"user_url_allowed_hosts": [f"127.0.0.1:{files.port}"]}
    environment = {"MAX_IMAGE_URL_DOWNLOAD_SIZE_MB": "0.01"}
    made = config(*models(upstream), litellm_settings=settings)
    running = Gateway(tmp_path_factory.mktemp("links"), made, environment)
    yield running
    assert running.stop() == 0


def image(url: str) -> dict:
    return {"type": "image_url", "image_url": {"url": url}}


def document(url: str) -> dict:
    return {"type": "file", "file": {"file_id": url}}


def chat(gateway, model: str, *parts):
    turns = [{"role": "user", "content": [{"type": "text", "text": "script:links"}, *parts]}]
    return ask(gateway.port, {"model": model, "messages": turns})


def content(upstream) -> list:
    return upstream.requests[-1].json["messages"][-1]["content"]


def source(kind: str, body: bytes) -> dict:
    return {"type": "base64", "media_type": kind, "data": base64.b64encode(body).decode()}


def refused(answer) -> str:
    assert answer.status == 400, answer.body
    error = answer.json["error"]
    assert error["type"] == "invalid_request_error" or error["code"] == "400", error
    return error["message"]


def test_a_picture_reaches_every_provider_that_follows_no_links(gateway, upstream, files, seen):
    url = files.url + "/cat.png?key=secret"
    wanted = {
        "nova": lambda: content(upstream)[1] == {"image": {"format": "png", "source": {"bytes": base64.b64encode(PNG).decode()}}},
        "bedrock": lambda: base64.b64encode(PNG).decode() in json.dumps(content(upstream)),
        "vertex": lambda: content(upstream)[1]["source"] == source("image/png", PNG),
        "anthropic": lambda: content(upstream)[1]["source"] == source("image/png", PNG),
        "ollama": lambda: upstream.requests[-1].json["messages"][-1]["images"] == [base64.b64encode(PNG).decode()],
    }
    for model, arrived in wanted.items():
        answer = chat(gateway, model, image(url))
        assert answer.status == 200, (model, answer.body)
        assert arrived(), (model, upstream.requests[-1].body)
        assert files.url.encode() not in upstream.requests[-1].body
    assert seen() == [("GET", "/cat.png?key=secret")] * len(wanted)


def test_who_follows_links_gets_them(gateway, upstream, files, seen):
    url = files.url + "/cat.png"
    assert chat(gateway, "openai", image(url)).status == 200
    assert content(upstream)[1]["image_url"]["url"] == url
    # Anthropic fetches what is at https itself.
    assert chat(gateway, "anthropic", image("https://127.0.0.1:1/cat.png")).status == 200
    assert content(upstream)[1]["source"] == {"type": "url", "url": "https://127.0.0.1:1/cat.png"}
    assert seen() == []


def test_documents_and_what_is_named_twice(gateway, upstream, files, seen):
    pdf = files.url + "/a.pdf"
    answer = chat(gateway, "vertex", document(pdf), document(pdf), image(files.url + "/raw"))
    assert answer.status == 200, answer.body
    first, second, third = content(upstream)[1:]
    assert first["source"] == second["source"] == source("application/pdf", PDF)
    assert first["title"] == "a.pdf"
    assert third["source"] == source("image/png", PNG), "what it is, its first bytes say"
    assert sorted(seen()) == [("GET", "/a.pdf"), ("GET", "/raw")]


@pytest.mark.parametrize("model", ["bedrock", "vertex"])
def test_messages_and_results_of_tools(gateway, upstream, files, seen, model):
    linked = {"type": "image", "source": {"type": "url", "url": files.url + "/cat.png"}}
    note = {"type": "document", "source": {"type": "url", "url": files.url + "/note.txt"}}
    use = {"type": "tool_use", "id": "toolu_1", "name": "look", "input": {"url": files.url + "/cat.png"}}
    turns = [
        {"role": "user", "content": "script:links"},
        {"role": "assistant", "content": [use]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": [linked]}, note]},
    ]
    tools = [{"name": "look", "input_schema": {"type": "object"}}]
    body = {"model": model, "max_tokens": 9, "messages": turns, "tools": tools}
    answer = ask(gateway.port, body, path="/v1/messages")
    assert answer.status == 200, answer.body
    _, called, (result, document) = (turn["content"] for turn in upstream.requests[-1].json["messages"])
    assert result["content"][0]["source"] == source("image/png", PNG)
    assert document["source"] == {"type": "text", "media_type": "text/plain", "data": "Grüße"}
    assert called[0]["input"] == use["input"], "what is not a file is left as it is"


def test_responses(gateway, upstream, files, seen):
    parts = [
        {"type": "input_text", "text": "script:links"},
        {"type": "input_image", "image_url": files.url + "/cat.png"},
        {"type": "input_file", "file_url": files.url + "/a.pdf"},
    ]
    body = {"model": "vertex", "input": [{"role": "user", "content": parts}]}
    answer = ask(gateway.port, body, path="/v1/responses")
    assert answer.status == 200, answer.body
    sources = [part["source"] for part in content(upstream)[1:]]
    assert sources == [source("image/png", PNG), source("application/pdf", PDF)]


@pytest.mark.parametrize("steps", [1, 5])
def test_redirections_are_followed(gateway, upstream, files, seen, steps):
    assert chat(gateway, "vertex", image(files.url + "/to/" * (steps - 1) + "/to//cat.png")).status == 200
    assert content(upstream)[1]["source"] == source("image/png", PNG)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/missing", "answers 404"),
        ("/unknown", "nobody says what it is"),
        ("/cut", "cut off"),
        ("/coded", "coding"),
        ("/size/11000", "larger"),
        ("/round", "one address to the next"),
        ("/to/", "leads to no address"),
        ("/to/ftp://127.0.0.1/cat.png", "leads to no address"),
        ("/to/http://127.0.0.1:1/cat.png", "not at a public address"),
        ("/to/http://169.254.169.254/latest/meta-data", "not at a public address"),
        ("/to/http://[::1]:1/", "not at a public address"),
        ("/to/http://localhost:1/", "not at a public address"),
    ],
)
def test_what_cannot_be_fetched_is_told_and_the_provider_not_asked(gateway, upstream, files, seen, path, why):
    answer = chat(gateway, "nova", image(files.url + path + ("?key=secret" if not path.startswith("/to") else "")))
    told = refused(answer)
    assert why in told and "secret" not in told
    assert answer.json["error"]["param"] == "messages[0].content[1].image_url.url"
    assert upstream.requests == []


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "10.0.0.1", "169.254.169.254", "192.168.0.1", "[::ffff:127.0.0.1]", "[fd00:ec2::254]"],
)
def test_nobody_gets_at_private_addresses(gateway, upstream, files, seen, host):
    """Neither by address nor by name; the answer does not tell whether somebody is there."""
    told = refused(chat(gateway, "nova", image(f"http://{host}:{upstream.port}/cat.png")))
    assert "cannot be fetched: its host is not at a public address" in told
    assert seen() == [] and upstream.requests == []


def test_all_files_of_a_request_have_one_size(gateway, files, seen):
    parts = [image(f"{files.url}/size/3000?{i}") for i in range(3)]
    assert chat(gateway, "nova", *parts).status == 200
    assert "larger" in refused(chat(gateway, "nova", *parts, image(f"{files.url}/size/3000?3")))


def test_a_file_counts_as_often_as_it_is_sent(gateway, upstream, files, seen):
    """A short request that names a large file a hundred times would make a body of gigabytes."""
    part = image(f"{files.url}/size/3000")
    assert chat(gateway, "nova", *[part] * 3).status == 200
    upstream.clear()
    answer = chat(gateway, "nova", *[part] * 4)
    assert "larger" in refused(answer)
    assert answer.json["error"]["param"] == "messages[0].content[4].image_url.url"
    assert upstream.requests == [] and seen() == [("GET", "/size/3000")] * 2


def test_a_hundred_files_are_enough(gateway, files, seen):
    told = refused(chat(gateway, "nova", *[image(f"{files.url}/cat.png?{i}") for i in range(101)]))
    assert "At most 100 files" in told and seen() == []


def test_a_connection_to_a_provider_is_no_way_around(start, upstream, files, seen):
    """The provider's own host is private, and a connection to it is open."""
    gateway = start(config(*models(upstream)))
    assert chat(gateway, "nova").status == 200
    upstream.clear()
    told = refused(chat(gateway, "nova", image(f"{upstream.url}/cat.png")))
    assert "not at a public address" in told and upstream.requests == []


def test_the_check_can_be_turned_off_and_so_can_fetching(start, upstream, files, seen):
    open_to_all = start(config(*models(upstream), litellm_settings={"user_url_validation": False}))
    assert chat(open_to_all, "nova", image(files.url + "/cat.png")).status == 200
    assert seen() == [("GET", "/cat.png")]
    closed = start(config(*models(upstream)), env={"MAX_IMAGE_URL_DOWNLOAD_SIZE_MB": "0"})
    assert "send them as data" in refused(chat(closed, "nova", image(files.url + "/cat.png")))
