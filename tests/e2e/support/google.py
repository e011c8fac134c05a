"""Google Cloud for tests: a token server that checks signed assertions, and models that check tokens."""

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

ANSWER = {
    "candidates": [{"content": {"role": "model", "parts": [{"text": "Hello"}]}, "finishReason": "STOP", "index": 0}],
    "usageMetadata": {"promptTokenCount": 2, "candidatesTokenCount": 1, "totalTokenCount": 3},
}


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


class Account:
    """A service account: its key file, and how its assertions are checked."""

    def __init__(self, name: str):
        self.email = f"{name}@project.iam.example"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.pem = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()

    def file(self) -> str:
        return json.dumps(
            {
                "type": "service_account",
                "project_id": "project",
                "private_key_id": "key-1",
                "private_key": self.pem,
                "client_email": self.email,
                "token_uri": "https://oauth2.googleapis.com/token",
            }
        )

    def check(self, assertion: str):
        signed, _, signature = assertion.rpartition(".")
        self.key.public_key().verify(
            decoded(signature), signed.encode(), padding.PKCS1v15(), hashes.SHA256()
        )


class Cloud:
    """Answers until close(). `fetches` are the times of tokens given, by account; `refused` counts calls with bad ones."""

    def __init__(self, accounts, seconds: float):
        self.accounts = {account.email: account for account in accounts}
        self.seconds = seconds
        self.fetches = {email: [] for email in self.accounts}
        self.tokens: dict[str, float] = {}
        self.refused = 0
        self.failing = None  #: a status that the token server answers instead
        self.lock = threading.Lock()
        cloud = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                status, answer = cloud.answer(self.path, self.headers, body)
                text = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

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

    def answer(self, path: str, headers, body: bytes):
        if path == "/token":
            return self.token(parse_qs(body.decode()))
        token = headers.get("authorization", "").removeprefix("Bearer ")
        with self.lock:
            good = self.tokens.get(token, 0) > time.monotonic()
            self.refused += not good
        if good:
            return 200, ANSWER
        return 401, {"error": {"code": 401, "message": "no such token", "status": "UNAUTHENTICATED"}}

    def token(self, form: dict):
        if self.failing:
            return self.failing, {"error": "unavailable", "said": form}
        (assertion,) = form["assertion"]
        claims = json.loads(decoded(assertion.split(".")[1]))
        self.accounts[claims["iss"]].check(assertion)
        assert claims["aud"] == "https://oauth2.googleapis.com/token"
        assert claims["exp"] - claims["iat"] == 3600 and abs(claims["iat"] - time.time()) < 30
        time.sleep(0.2)  # long enough for many to wait
        with self.lock:
            given = self.fetches[claims["iss"]]
            given.append(time.monotonic())
            token = f"canary-google-token-{claims['iss'].split('@')[0]}-{len(given)}"
            self.tokens[token] = time.monotonic() + self.seconds
        return 200, {"access_token": token, "expires_in": int(self.seconds), "token_type": "Bearer"}
