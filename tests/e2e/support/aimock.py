"""aimock as upstream: it speaks OpenAI's, Anthropic's and Google's wire formats and knows only the canary keys.

A gateway that sends the wrong key, or passes the client's own on, gets aimock's 401.
"""

import os

import httpx

from . import canary, paths
from .process import Process

CLI = paths.NODE_DIR / "node_modules" / "@copilotkit" / "aimock" / "dist" / "cli.js"
KEYS = (canary.OPENAI, canary.ANTHROPIC, canary.DEEPSEEK, canary.GEMINI)


class Aimock(Process):
    """`chaos`: how likely it fails in which way, by the names of its flags (`--chaos-drop` is "drop")."""

    def __init__(self, fixtures=paths.E2E / "fixtures" / "aimock.json", chaos=None):
        env = {"PATH": os.environ["PATH"], "AIMOCK_API_KEYS": ",".join(KEYS)}
        super().__init__(
            [
                paths.node(),
                CLI,
                "--port",
                "0",
                "--strict",
                "--validate-on-load",
                "--journal-max",
                "0",
                "--fixtures",
                fixtures,
                *(part for name, rate in (chaos or {}).items() for part in (f"--chaos-{name}", rate)),
            ],
            env,
        )
        self.url = self.wait_for(r"listening on (http://127\.0\.0\.1:\d+)", 30).group(1)
        self._admin = httpx.Client(
            headers={"authorization": f"Bearer {canary.OPENAI}"}, trust_env=False
        )

    def journal(self) -> list[dict]:
        """The requests seen so far, oldest first."""
        answer = self._admin.get(self.url + "/__aimock/journal")
        answer.raise_for_status()
        return answer.json()

    def last_body(self) -> dict:
        return self.journal()[-1]["body"]

    def stop(self, seconds: float = 20) -> int:
        self._admin.close()
        return super().stop(seconds)
