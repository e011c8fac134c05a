"""Memory after load: large bodies by many clients, and then what it was before.

PATCHBAY_E2E_SECONDS (30) is how long the load lasts.
"""

import asyncio
import os
import time

import httpx
import pytest

from conftest import scripted_config
from support import canary, paths
from support.process import eventually
from support.wire import ask, chat

pytestmark = [pytest.mark.load, pytest.mark.timeout(900)]

SECONDS = float(os.environ.get("PATCHBAY_E2E_SECONDS", "30"))
CLIENTS = 64
BODY = 120 * 1024


async def load(url: str) -> int:
    """CLIENTS clients ask with large bodies, whole and streamed, for SECONDS."""
    until = time.monotonic() + SECONDS
    headers = {"authorization": f"Bearer {canary.MASTER}"}
    bodies = [chat(padding="x" * BODY, stream=stream) for stream in (False, True)]
    done = 0

    async def one():
        nonlocal done
        async with httpx.AsyncClient(
            base_url=url, headers=headers, trust_env=False, timeout=60
        ) as client:
            while time.monotonic() < until:
                for body in bodies:
                    answer = await client.post("/v1/chat/completions", json=body)
                    assert answer.status_code == 200
                    done += 1

    await asyncio.gather(*[one() for _ in range(CLIENTS)])
    return done


@pytest.mark.skipif(paths.SANITIZED, reason="sanitizers keep freed memory")
def test_memory_is_given_back(start, upstream):
    gateway = start(scripted_config(upstream), workers=2)
    for _ in range(50):
        assert ask(gateway.port, chat()).status == 200
    idle, files = gateway.rss(), gateway.open_files()
    done = asyncio.run(load(gateway.url))
    upstream.clear()
    peak = gateway.rss()
    print(f"{done} requests; resident MB idle {idle >> 20}, at the end {peak >> 20}")
    assert done > CLIENTS
    eventually(lambda: gateway.rss() <= 2 * idle, 60, 0.5)
    print(f"later {gateway.rss() >> 20}")
    eventually(lambda: gateway.open_files() <= files + CLIENTS + 10, 10)
