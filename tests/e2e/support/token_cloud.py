"""A cloud for tests: a token server, and models that answer to its tokens alone, until these end."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


class TokenCloud:
    """Answers until close(). `fetches` are the times of tokens given, by account; `refused` counts calls with bad ones.

    A kind of cloud says who asked (`account_of` a form, which it checks), and what its models answer.
    """

    ANSWER: dict = {}
    TOKEN_PATH = "/token"

    def __init__(self, accounts, seconds: float):
        self.accounts = {account.name: account for account in accounts}
        self.seconds = seconds
        self.fetches = {name: [] for name in self.accounts}
        self.tokens: dict[str, tuple[float, str]] = {}
        self.refused = 0
        self.asked: set[tuple[str, str]] = set()  #: account and path of calls that were answered
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

    def account_of(self, path: str, form: dict) -> str:
        raise NotImplementedError

    def answer(self, path: str, headers, body: bytes):
        if path.endswith(self.TOKEN_PATH):
            return self.token(path, parse_qs(body.decode()))
        token = headers.get("authorization", "").removeprefix("Bearer ")
        with self.lock:
            until, account = self.tokens.get(token, (0, ""))
            good = until > time.monotonic()
            self.refused += not good
            if good:
                self.asked.add((account, path.split("?")[0]))
        if good:
            return 200, self.ANSWER
        return 401, {"error": {"code": 401, "message": "no such token", "status": "UNAUTHENTICATED"}}

    def token(self, path: str, form: dict):
        if self.failing:
            return self.failing, {"error": "unavailable", "said": form}
        name = self.account_of(path, form)
        time.sleep(0.2)  # long enough for many to wait
        with self.lock:
            given = self.fetches[name]
            given.append(time.monotonic())
            token = f"canary-cloud-token-{name}-{len(given)}"
            self.tokens[token] = time.monotonic() + self.seconds, name
        return 200, {"access_token": token, "expires_in": int(self.seconds), "token_type": "Bearer"}
