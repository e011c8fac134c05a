"""The Python client library when something ends: forks with settings, tasks, loops, threads, programs that are killed."""

import os
import signal
import subprocess
import sys

import pytest

from support import client, paths

pytestmark = pytest.mark.skipif(not client.THERE, reason="the Python package is not built")

ASK = "[{'role': 'user', 'content': 'hello'}]"


def test_a_child_of_a_fork_has_its_own_cache_and_sinks(run_python, tmp_path):
    run_python(
        f"""
        import os, patchbay

        patchbay.callback_settings = {{"file": {{"url": "file://{tmp_path}/calls.jsonl"}}}}
        patchbay.success_callback = ["file"]
        patchbay.enable_cache()
        patchbay.completion("openai/gpt-4o", {ASK})
        child = os.fork()
        if child == 0:
            assert not patchbay.completion("openai/gpt-4o", {ASK})._hidden_params["cache_hit"]
            assert patchbay.completion("openai/gpt-4o", {ASK})._hidden_params["cache_hit"]
            patchbay._engine._at_exit()
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        assert patchbay.completion("openai/gpt-4o", {ASK})._hidden_params["cache_hit"]
        """
    )
    assert len((tmp_path / "calls.jsonl").read_text().splitlines()) == 4


def test_a_task_that_reads_a_stream_is_cancelled(run_python, provider):
    run_python(
        """
        import asyncio, patchbay

        async def read(begun):
            async for piece in await patchbay.acompletion(
                    "openai/gpt-4o", [{"role": "user", "content": "script:one-piece"}], stream=True):
                begun.set()

        async def main():
            begun = asyncio.Event()
            task = asyncio.create_task(read(begun))
            await begun.wait()
            task.cancel()
            assert isinstance((await asyncio.gather(task, return_exceptions=True))[0], asyncio.CancelledError)

        asyncio.run(main())
        """
    )
    client.gone(provider, "one-piece")


def test_a_stream_is_closed_by_another_thread(run_python, provider):
    run_python(
        """
        import threading, patchbay

        stream = patchbay.completion("openai/gpt-4o", [{"role": "user", "content": "script:one-piece"}], stream=True)
        next(stream)
        call = stream._call
        closer = threading.Timer(0, call.cancel)
        closer.start()
        try:
            next(stream)
        except patchbay.APIError as error:
            assert error.status_code == 499, error
        else:
            raise AssertionError("the stream went on")
        closer.join()
        """
    )
    client.gone(provider, "one-piece")


def test_a_loop_that_ends_leaves_its_streams(run_python, provider):
    run_python(
        """
        import asyncio, patchbay

        async def main():
            stream = await patchbay.acompletion(
                "openai/gpt-4o", [{"role": "user", "content": "script:one-piece"}], stream=True)
            return await stream.__anext__()

        assert asyncio.run(main()).choices[0].delta.content == "one"
        """
    )
    client.gone(provider, "one-piece")


def test_a_stream_goes_on_in_another_loop(run_python):
    """Also while the first one is still open: it has been watched there, and is told of here."""
    run_python(
        """
        import asyncio, patchbay

        words = [str(number) for number in range(50)]

        async def begin():
            return await patchbay.acompletion("openai/gpt-4o", [{"role": "user", "content": "x"}], stream=True, mock_response=" ".join(words))

        async def some(stream, count):
            said = ""
            async for piece in stream:
                said += piece.choices[0].delta.content or ""
                count -= 1
                if count == 0:
                    break
            return said

        loops = [asyncio.new_event_loop() for _ in range(3)]
        stream = loops[0].run_until_complete(begin())
        said = "".join(loop.run_until_complete(some(stream, 1)) for loop in loops * 2)
        said += asyncio.run(some(stream, -1))
        assert said.split() == words, said
        for loop in loops:
            loop.close()
        """
    )


def test_waiting_for_many_streams_takes_one_descriptor(run_python, provider):
    run_python(
        """
        import asyncio, os, patchbay

        def counted():
            links = [f"/proc/self/fd/{fd}" for fd in os.listdir("/proc/self/fd")]
            return sum("socket:" not in os.readlink(link) for link in links if os.path.lexists(link))

        async def begin():
            stream = await patchbay.acompletion(
                "openai/gpt-4o", [{"role": "user", "content": "script:one-piece"}], stream=True)
            assert (await stream.__anext__()).choices[0].delta.content == "one"
            return stream, asyncio.ensure_future(stream.__anext__())

        async def main():
            first = await begin()
            before = counted()
            others = await asyncio.gather(*(begin() for _ in range(30)))
            assert counted() == before, (before, counted())
            for stream, task in [first, *others]:
                task.cancel()
            await asyncio.gather(*(task for _, task in [first, *others]), return_exceptions=True)

        asyncio.run(main())
        """
    )


def test_a_program_that_is_killed_while_it_waits_ends(provider, tmp_path):
    program = """
import faulthandler, patchbay
faulthandler.enable()
print("asks", flush=True)
patchbay.completion("openai/gpt-4o", [{"role": "user", "content": "script:hangs"}])
"""
    provider.clear()
    process = subprocess.Popen(
        [sys.executable, "-c", program], env=client.environment(provider, tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        assert process.stdout.readline() == b"asks\n"
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=paths.deadline(20))
        assert process.returncode == -signal.SIGTERM and b"Fatal Python error" not in errors
    finally:
        process.kill()


def test_the_other_tests_run_under_an_allocator_that_checks(provider):
    """What Python's objects are given back wrongly, or written beyond, ends the process there."""
    files = [f"test_client_{name}.py" for name in ("python", "around", "settings", "helpers", "router")]
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-m", "pytest", "-q", "-x", *files],
        cwd=paths.E2E,
        env={**os.environ, "PYTHONMALLOC": "debug", "PATCHBAY_E2E_SLOWNESS": str(4 * paths.SLOWNESS)},
        capture_output=True,
        text=True,
        timeout=paths.deadline(100),
    )
    assert done.returncode == 0, done.stdout[-4000:]
