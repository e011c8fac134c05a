"""The Python client library on other loops than asyncio's: trio's, both by way of anyio, and those of green threads."""

import select
import subprocess
import sys
import textwrap
from types import SimpleNamespace

import pytest

from support import client, paths

PYTHON = paths.OUT / "beside" / "bin" / "python"  # it has trio
pytestmark = pytest.mark.skipif(not (client.THERE and PYTHON.exists()), reason="the Python package, or trio, is not there")

TALK = """
    import patchbay

    ASK = [{"role": "user", "content": "hello"}]

    async def talk():
        answer = await patchbay.acompletion("openai/gpt-4o", ASK)
        text = ""
        async for piece in await patchbay.acompletion("openai/gpt-4o", ASK, stream=True):
            text += piece.choices[0].delta.content or ""
        assert answer.choices[0].message.content == text, text
        try:
            await patchbay.acompletion("openai/gpt-4o", [{"role": "user", "content": "script:limited"}], num_retries=0)
        except patchbay.RateLimitError:
            print(text)
"""


def run(program, provider, tmp_path):
    provider.clear()
    done = subprocess.run(
        [PYTHON, "-W", "error", "-c", textwrap.dedent(TALK) + textwrap.dedent(program)],
        env=client.environment(provider, tmp_path),
        capture_output=True,
        text=True,
        timeout=paths.deadline(60),
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_trio(provider, tmp_path):
    out = run(
        """
        import trio

        async def many():
            async with trio.open_nursery() as nursery:
                for _ in range(10):
                    nursery.start_soon(talk)

        trio.run(many)
        """,
        provider,
        tmp_path,
    )
    assert out == (client.GREETING + "\n") * 10


def test_a_provider_in_python_runs_on_trio_s_loop(provider, tmp_path):
    out = run(
        """
        import trio

        class Mine(patchbay.CustomLLM):
            left = [429, 503]

            async def acompletion(self, model_response, **call):
                await trio.lowlevel.checkpoint()
                if self.left:
                    raise patchbay.CustomLLMError(self.left.pop(0), "not now")
                model_response.choices[0].message.content = "whole"
                return model_response

            async def astreaming(self, **call):
                for word in ("in", "pieces"):
                    await trio.lowlevel.checkpoint()
                    yield {"text": word, "is_finished": False, "finish_reason": "", "usage": None}

        async def talk():
            answer = await patchbay.acompletion("mine/m", ASK, num_retries=2)
            print(answer.choices[0].message.content, answer._hidden_params["attempted_retries"])
            async for piece in await patchbay.acompletion("mine/m", ASK, stream=True):
                print(piece.choices[0].delta.content)

        patchbay.custom_provider_map = [{"provider": "mine", "custom_handler": Mine()}]
        trio.run(talk)
        """,
        provider,
        tmp_path,
    )
    assert out.split() == ["whole", "2", "in", "pieces", "None"]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_anyio(provider, tmp_path, backend):
    assert run(f"import anyio; anyio.run(talk, backend={backend!r})", provider, tmp_path) == client.GREETING + "\n"


def test_a_scope_of_trio_that_is_cancelled_cancels_the_call(provider, tmp_path):
    out = run(
        """
        import trio

        async def leave():
            messages = [{"role": "user", "content": "script:one-piece"}]
            with trio.CancelScope() as scope:
                async for piece in await patchbay.acompletion("openai/gpt-4o", messages, stream=True):
                    scope.cancel()
            print(scope.cancelled_caught)

        trio.run(leave)
        """,
        provider,
        tmp_path,
    )
    assert out == "True\n"
    client.gone(provider, "one-piece")


@pytest.mark.parametrize("module, question", [("gevent.monkey", "is_module_patched"), ("eventlet.patcher", "is_monkey_patched")])
def test_a_wait_among_green_threads_is_their_select(patchbay, monkeypatch, module, question):
    waits = []
    plain = select.select

    def patched(readers, *rest):
        waits.append(readers)
        return plain(readers, *rest)

    monkeypatch.setitem(sys.modules, module, SimpleNamespace(**{question: lambda name: name == "select"}))
    monkeypatch.setattr(select, "select", patched)
    ask = {"model": "openai/gpt-4o", "messages": client.ASK}
    assert patchbay.completion(**ask).choices[0].message.content == client.GREETING
    assert waits
    waits.clear()
    pieces = patchbay.completion(**ask, stream=True)
    assert "".join(piece.choices[0].delta.content or "" for piece in pieces) == client.GREETING
    assert waits
    waits.clear()
    monkeypatch.setitem(sys.modules, module, SimpleNamespace(**{question: lambda name: False}))
    patchbay.completion(**ask)
    assert not waits
