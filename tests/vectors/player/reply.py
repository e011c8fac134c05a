"""What the gateway answered."""

from dataclasses import dataclass


@dataclass
class Answer:
    """Status, headers with names in lower case, the bytes of the body; `cut` when the connection ended early."""

    status: int
    headers: dict
    body: bytes
    cut: bool = False

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def streamed(self) -> bool:
        return self.headers.get("content-type", "").startswith("text/event-stream")
