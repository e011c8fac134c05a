"""AWS for tests: a Security Token Service and Bedrock Runtime, which check signatures with botocore's signer."""

import json
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEY_ID = "AKIDSOURCE"
SECRET = "canary-aws-secret-source"
REGION = "eu-central-1"

ANSWER = {
    "output": {"message": {"role": "assistant", "content": [{"text": "Hello"}]}},
    "stopReason": "end_turn",
    "usage": {"inputTokens": 2, "outputTokens": 1, "totalTokens": 3},
    "metrics": {"latencyMs": 1},
}
ASSUMED = """<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>{id}</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey><SessionToken>{token}</SessionToken>
<Expiration>{ends}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"""
DENIED = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>{said}</Message></Error></ErrorResponse>"
ENDED = {"message": "The security token included in the request is expired"}


def signed_by(request: AWSRequest, credentials: Credentials, service: str) -> bool:
    """Whether the request's own Authorization is what botocore would sign it with."""
    given = request.headers["authorization"]
    names = given.split("SignedHeaders=")[1].split(",")[0].split(";")
    bare = AWSRequest(request.method, request.url, {n: request.headers[n] for n in names}, request.data)
    bare.context["timestamp"] = request.headers["x-amz-date"]
    signer = SigV4Auth(credentials, service, REGION)
    text = signer.string_to_sign(bare, signer.canonical_request(bare))
    scope = f"Credential={credentials.access_key}/{request.headers['x-amz-date'][:8]}/{REGION}/{service}/aws4_request"
    return scope in given and given.endswith("Signature=" + signer.signature(text, bare))


class Aws:
    """Answers until close(). `fetches`: the times of sessions given, by role; `refused`: calls with bad ones."""

    def __init__(self, seconds: float):
        self.seconds = seconds
        self.fetches: dict[str, list[float]] = {}
        self.sessions: dict[str, tuple[Credentials, float]] = {}
        self.refused = 0
        self.failing = None  #: a status that STS answers instead
        self.lock = threading.Lock()
        aws = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                url = f"http://{self.headers['host']}{self.path}"
                status, kind, text = aws.answer(AWSRequest("POST", url, dict(self.headers), body), self.path)
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 512
            daemon_threads = True

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, request: AWSRequest, path: str) -> tuple[int, str, str]:
        if path == "/":
            return self.assume(request)
        key = request.headers["authorization"].split("Credential=")[1].split("/")[0]
        with self.lock:
            credentials, ends = self.sessions.get(key, (None, 0))
        token = request.headers.get("x-amz-security-token")
        good = ends > time.monotonic() and token == credentials.token and signed_by(request, credentials, "bedrock")
        if good:
            return 200, "application/json", json.dumps(ANSWER)
        with self.lock:
            self.refused += 1
        return 403, "application/json", json.dumps(ENDED)

    def assume(self, request: AWSRequest) -> tuple[int, str, str]:
        form = parse_qs(request.data.decode())
        if self.failing:
            return self.failing, "text/xml", DENIED.format(said=form)
        assert form["Action"] == ["AssumeRole"] and form["Version"] == ["2011-06-15"]
        assert signed_by(request, Credentials(KEY_ID, SECRET), "sts")
        (role,) = form["RoleArn"]
        assert form["ExternalId"] == ["external-" + role.split("/")[-1]]
        time.sleep(0.2)  # long enough for many to wait
        with self.lock:
            given = self.fetches.setdefault(role, [])
            given.append(time.monotonic())
            name = f"{role.split('/')[-1]}{len(given)}"
            made = Credentials(f"ASIA{name}", f"canary-aws-secret-{name}", f"canary-aws-token-{name}")
            self.sessions[made.access_key] = (made, time.monotonic() + self.seconds)
        # The end is told in whole seconds, so never later than it is.
        ends = datetime.now(UTC) + timedelta(seconds=self.seconds)
        told = ends.strftime("%Y-%m-%dT%H:%M:%SZ")
        text = ASSUMED.format(id=made.access_key, secret=made.secret_key, token=made.token, ends=told)
        return 200, "text/xml", text
