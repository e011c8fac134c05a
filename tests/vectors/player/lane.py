"""One gateway, one upstream that answers as recorded, and the client: plays the cases of one configuration in order."""

import functools
import http.client
import json
import socket
from pathlib import Path
from urllib.parse import unquote, urlsplit

from support import canary
from support.gateway import Gateway
from support.google import Account
from support.upstream import Upstream

from . import answer, sent, wire
from .cases import Case, Group
from .compare import ANY
from .reply import Answer

SECONDS = 15


def play(group: Group, folder: Path):
    """Plays every case of the group and fills in what was found. `folder` is empty and the gateway's own."""
    lane = _Lane(group, folder)
    try:
        for case in group.cases:
            lane.play(case)
    finally:
        lane.stop()


class _Lane:
    def __init__(self, group: Group, folder: Path):
        self.group = group
        self.case: Case | None = None
        self.left: list[dict] = []
        self.upstream = Upstream({"default": self._reply})
        # Bound and never listening: connections to it are refused.
        self.nowhere = socket.socket()
        self.nowhere.bind(("127.0.0.1", 0))
        environment = {name: self._variable(text) for name, text in group.environment.items()}
        try:
            self.gateway = Gateway(folder, self._config(), environment)
        except AssertionError as error:
            if "no deployment of `model_list` can be served" not in str(error):
                self.upstream.stop()
                raise
            self.gateway = None
        self.served = self._models() if self.gateway else set()

    def stop(self):
        status = self.gateway.stop() if self.gateway else 0
        self.upstream.stop()
        self.nowhere.close()
        assert status == 0, f"the gateway ended with {status}"

    def play(self, case: Case):
        case.found = []
        case.not_served = self._why_not(case)
        if case.not_served:
            return
        self.case, self.left = case, list(case.replies)
        if case.upstream and case.upstream[0]["path"] == sent.TOKEN:
            del self.left[0]
        self.upstream.clear()
        got = self._ask(self._fill(case.request))
        self.case = None
        requests = list(self.upstream.requests)
        if got.status in (404, 405) and not requests and case.answer["status"] not in (404, 405):
            case.not_served = f"not served: route {case.request['method']} {_route(case)}"
            return
        case.found = sent.compare(case, requests) + answer.compare(self._filled(case), got)

    def _why_not(self, case: Case) -> str:
        if ANY in json.dumps(case.request):
            return "not served: id of an earlier answer"
        if self.gateway is None:
            first = self.group.config["model_list"][0]["litellm_params"]["model"]
            return f"not served: provider {first.split('/')[0]}"
        model = _model(case)
        provider = self.group.provider_of(model)
        return f"not served: provider {provider}" if provider and model not in self.served else ""

    def _models(self) -> set[str]:
        headers = {"authorization": f"Bearer {canary.MASTER}"}
        got = self._ask({"method": "GET", "path": "/v1/models", "headers": headers})
        return {one["id"] for one in json.loads(got.body)["data"]}

    def _config(self) -> dict:
        """The group's, with the upstream in the place of Google's hosts, which were recorded as such."""
        config = self._fill(self.group.config)
        for entry in config["model_list"]:
            params = entry["litellm_params"]
            if params["model"].startswith("vertex_ai/"):
                params.setdefault("api_base", self.upstream.url)
            if params["model"].startswith("oci/"):
                params["oci_key"] = json.loads(_account().file())["private_key"]
        return config

    def _variable(self, text: str) -> str:
        if "service account JSON" not in text:
            return self._fill(text)
        return json.dumps(json.loads(_account().file()) | {"token_uri": self.upstream.url + sent.TOKEN})

    def _fill(self, value):
        """The value with the recording's names of addresses and keys replaced."""
        text = json.dumps(value)
        names = {
            "{UPSTREAM}": self.upstream.url,
            "{NOWHERE}": f"http://127.0.0.1:{self.nowhere.getsockname()[1]}",
            "{MASTER_KEY}": canary.MASTER,
        }
        for name, own in names.items():
            text = text.replace(name, own)
        return json.loads(text)

    def _filled(self, case: Case) -> Case:
        case.answer = self._fill(case.answer)
        return case

    def _ask(self, request: dict) -> Answer:
        headers, body = dict(request["headers"]), None
        if "multipart" in request:
            headers["content-type"], body = wire.form(request["multipart"])
        elif "body" in request:
            body = json.dumps(request["body"]).encode()
        elif "body_text" in request:
            body = request["body_text"].encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.gateway.port, timeout=SECONDS)
        try:
            connection.request(request["method"], request["path"], body, headers)
            reply = connection.getresponse()
            names = {name.lower(): text for name, text in reply.getheaders()}
            try:
                return Answer(reply.status, names, reply.read())
            except http.client.IncompleteRead as error:
                return Answer(reply.status, names, error.partial, cut=True)
        finally:
            connection.close()

    def _next_reply(self, path: str) -> dict | None:
        """The recorded reply to a request of that path, else the next."""
        for asked, reply in zip(self.case.upstream, self.case.replies, strict=False):
            if reply in self.left and unquote(urlsplit(asked["path"]).path) == unquote(path):
                self.left.remove(reply)
                return reply
        return self.left.pop(0) if self.left else None

    async def _reply(self, exchange):
        if exchange.path == sent.TOKEN:
            return await exchange.answer(200, {"access_token": "ya29.sa", "expires_in": 3600})
        reply = self._next_reply(urlsplit(exchange.path).path) if self.case else None
        if reply is None:
            message = "the recording has no answer to this request"
            return await exchange.answer(418, {"error": {"message": message}})
        if reply.get("transport_error"):
            return await exchange.connection.gone.wait()
        reply = self._fill(reply)
        pieces = [piece.encode() for piece in reply.get("chunks", ())]
        pieces += [
            wire.frame(one["event"], one["payload"], one["event"].endswith("Exception"))
            for one in reply.get("eventstream", ())
        ]
        headers = {name.lower(): text for name, text in reply.get("headers", {}).items()}
        if not pieces:
            return await exchange.answer(reply["status"], wire.reply_body(reply), headers.items())
        headers.setdefault("content-type", "text/event-stream")
        whole = "".join(f"{name}: {text}\r\n" for name, text in headers.items())
        await exchange.send(
            f"HTTP/1.1 {reply['status']} X\r\ntransfer-encoding: chunked\r\n{whole}\r\n".encode()
        )
        for piece in pieces:
            await exchange.chunk(piece)
        await exchange.finish()


@functools.cache
def _account() -> Account:
    return Account("sa")


def _model(case: Case) -> str:
    """The model a request names: in its body, its form or its path."""
    parts = {part["name"]: part.get("text") for part in case.request.get("multipart", ())}
    path = unquote(urlsplit(case.request["path"]).path).split("/")
    after = [path[i + 1] for i, one in enumerate(path[:-1]) if one in ("models", "model")]
    return case.model or parts.get("model") or (after[0].split(":")[0] if after else "")


def _route(case: Case) -> str:
    """The path of a request with what names one object replaced."""
    path = unquote(urlsplit(case.request["path"]).path)
    model = _model(case)
    return path.replace(f"/{model}", "/{model}") if model else path
