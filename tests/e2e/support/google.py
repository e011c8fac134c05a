"""Google Cloud for tests: a token server that checks signed assertions, and models that check tokens."""

import base64
import json
import time

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from support.token_cloud import TokenCloud


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


class Account:
    """A service account: its key file, and how its assertions are checked."""

    def __init__(self, name: str):
        self.name = name
        self.email = f"{name}@project.iam.example"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.pem = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        self.secret = self.pem.splitlines()[1]

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

    def params(self, cloud) -> dict:
        return {
            "model": "vertex_ai/gemini-2.5-flash",
            "api_base": cloud.url,
            "vertex_project": "project",
            "vertex_credentials": self.file(),
        }

    def check(self, assertion: str):
        signed, _, signature = assertion.rpartition(".")
        self.key.public_key().verify(
            decoded(signature), signed.encode(), padding.PKCS1v15(), hashes.SHA256()
        )


class Cloud(TokenCloud):
    ANSWER = {
        "candidates": [
            {"content": {"role": "model", "parts": [{"text": "Hello"}]}, "finishReason": "STOP", "index": 0}
        ],
        "usageMetadata": {"promptTokenCount": 2, "candidatesTokenCount": 1, "totalTokenCount": 3},
    }
    FORM_WORD = "assertion"  #: stands in what the token server is sent

    def settings(self) -> dict:
        return {"vertex_ai": {"token_url": self.url + "/token"}}

    def account_of(self, path: str, form: dict) -> str:
        (assertion,) = form["assertion"]
        claims = json.loads(decoded(assertion.split(".")[1]))
        name = claims["iss"].split("@")[0]
        self.accounts[name].check(assertion)
        assert claims["aud"] == "https://oauth2.googleapis.com/token"
        assert claims["exp"] - claims["iat"] == 3600 and abs(claims["iat"] - time.time()) < 30
        return name
