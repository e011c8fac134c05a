"""Azure for tests: Microsoft Entra, which checks client credentials, and deployments that check its tokens."""

from support.token_cloud import TokenCloud


class Account:
    """An application of a tenant of its own, with one deployment."""

    def __init__(self, name: str):
        self.name = name
        self.tenant = f"tenant-{name}"
        self.secret = f"canary-entra-secret-{name}"

    def params(self, cloud) -> dict:
        return {
            "model": f"azure/gpt-{self.name}",
            "api_base": cloud.url,
            "api_version": "2024-10-21",
            "tenant_id": self.tenant,
            "client_id": self.name,
            "client_secret": self.secret,
        }


class Cloud(TokenCloud):
    ANSWER = {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "gpt-4o",
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}
        ],
        "usage": {"prompt_tokens": 2, "completion_tokens": 1, "total_tokens": 3},
    }
    FORM_WORD = "client_secret"

    def settings(self) -> dict:
        return {"azure": {"authority_host": self.url}}

    def account_of(self, path: str, form: dict) -> str:
        (name,) = form["client_id"]
        account = self.accounts[name]
        assert path == f"/{account.tenant}/oauth2/v2.0/token"
        assert form["client_secret"] == [account.secret]
        assert form["grant_type"] == ["client_credentials"]
        assert form["scope"] == ["https://cognitiveservices.azure.com/.default"]
        return name
