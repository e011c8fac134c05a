"""The Python client library and what Python does: forks, threads, loops that end, signals, exits, collected streams."""

import signal
import subprocess
import sys

import pytest

from support import client, paths

pytestmark = pytest.mark.skipif(not client.THERE, reason="the Python package is not built")

ASK = "[{'role': 'user', 'content': 'hello'}]"


def test_a_child_of_a_fork_has_its_own_engine(run_python):
    out = run_python(
        f"""
        import os, patchbay

        def ask():
            return patchbay.completion("openai/gpt-4o", {ASK}).choices[0].message.content

        print(ask())
        for _ in range(3):
            child = os.fork()
            if child == 0:
                assert ask() == "{client.GREETING}"
                pieces = patchbay.completion("openai/gpt-4o", {ASK}, stream=True)
                assert "".join(p.choices[0].delta.content or "" for p in pieces) == "{client.GREETING}"
                os._exit(0)
            _, status = os.waitpid(child, 0)
            assert status == 0, status
        print(ask())
        """
    )
    assert out.split() == [client.GREETING] * 2


def test_a_router_lives_on_in_a_child(run_python, provider):
    run_python(
        f"""
        import multiprocessing, patchbay

        router = patchbay.Router(model_list=[{{"model_name": "a", "litellm_params": {{"model": "openai/gpt-4o"}}}}])

        def ask(_):
            return router.completion("a", {ASK}).choices[0].message.content

        if __name__ == "__main__":
            assert ask(0) == "{client.GREETING}"
            with multiprocessing.get_context("fork").Pool(2) as pool:
                assert pool.map(ask, range(6)) == ["{client.GREETING}"] * 6
        """
    )


def test_a_fork_while_other_threads_call(run_python):
    run_python(
        f"""
        import os, threading, patchbay

        stop = threading.Event()

        def ask():
            return patchbay.completion("openai/gpt-4o", {ASK}).choices[0].message.content

        def go_on():
            while not stop.is_set():
                ask()

        threads = [threading.Thread(target=go_on) for _ in range(3)]
        ask()
        for thread in threads: thread.start()
        for _ in range(8):
            child = os.fork()
            if child == 0:
                os._exit(0 if ask() == "{client.GREETING}" else 1)
            assert os.waitpid(child, 0)[1] == 0
        stop.set()
        for thread in threads: thread.join()
        """
    )


def test_threads_call_at_once(run_python):
    run_python(
        f"""
        import threading, patchbay

        answers = []

        def ask():
            for _ in range(10):
                answers.append(patchbay.completion("openai/gpt-4o", {ASK}).choices[0].message.content)

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        assert answers == ["{client.GREETING}"] * 80
        """
    )


def test_loops_come_and_go(run_python):
    run_python(
        f"""
        import asyncio, patchbay

        async def ask():
            return (await patchbay.acompletion("openai/gpt-4o", {ASK})).choices[0].message.content

        async def leave():
            task = asyncio.create_task(patchbay.acompletion(
                "openai/gpt-4o", [{{"role": "user", "content": "script:hangs"}}]))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            return task

        for _ in range(5):
            assert asyncio.run(ask()) == "{client.GREETING}"
        # A loop that is closed with a call under way, whose task nobody awaits.
        loop = asyncio.new_event_loop()
        task = loop.run_until_complete(leave())
        task._log_destroy_pending = False
        loop.close()
        del task, loop
        assert asyncio.run(ask()) == "{client.GREETING}"
        """
    )


def test_loops_leave_no_descriptors(run_python):
    run_python(
        f"""
        import asyncio, gc, os, threading, patchbay

        async def ask():
            calls = [patchbay.acompletion("openai/gpt-4o", {ASK}) for _ in range(5)]
            for answer in await asyncio.gather(*calls):
                assert answer.choices[0].message.content == "{client.GREETING}"

        def counted():
            gc.collect()
            return len(os.listdir("/proc/self/fd"))

        for _ in range(3): asyncio.run(ask())
        before = counted()
        for _ in range(20): asyncio.run(ask())
        threads = [threading.Thread(target=lambda: asyncio.run(ask())) for _ in range(8)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        # Connections to the provider are kept.
        assert counted() <= before + 40, (before, counted())
        links = [f"/proc/self/fd/{{fd}}" for fd in os.listdir("/proc/self/fd")]
        watchers = [link for link in links if os.path.lexists(link) and "eventpoll" in os.readlink(link)]
        assert len(watchers) <= 3, watchers
        """
    )


def test_tasks_share_a_stream(run_python):
    out = run_python(
        """
        import asyncio, patchbay

        async def main():
            text = " ".join(map(str, range(500)))
            stream = await patchbay.acompletion(
                "openai/gpt-4o", [{"role": "user", "content": "x"}], stream=True, mock_response=text)
            said = []

            async def read():
                async for piece in stream:
                    said.append(piece.choices[0].delta.content or "")
                    await asyncio.sleep(0)

            await asyncio.gather(*(read() for _ in range(3)))
            print(sorted("".join(said).replace(" ", "")) == sorted(text.replace(" ", "")))

        asyncio.run(main())
        """
    )
    assert out == "True\n"


def test_tasks_that_wait_for_the_end_of_a_stream_all_have_it(run_python):
    out = run_python(
        """
        import asyncio, json, patchbay

        def event(delta, finish=None):
            chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m",
                     "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
            return b"data: " + json.dumps(chunk).encode() + b"\\n\\n"

        async def main():
            told, released = asyncio.Event(), asyncio.Event()

            async def provider(reader, writer):
                head = (await reader.readuntil(b"\\r\\n\\r\\n")).lower()
                length = int(head.partition(b"content-length: ")[2].partition(b"\\r")[0])
                await reader.readexactly(length)
                writer.write(b"HTTP/1.1 200 OK\\r\\ncontent-type: text/event-stream\\r\\nconnection: close\\r\\n\\r\\n")
                writer.write(event({"role": "assistant", "content": "one"}))
                await released.wait()
                writer.write(event({}, "stop") + b"data: [DONE]\\n\\n")
                writer.close()

            server = await asyncio.start_server(provider, "127.0.0.1", 0)
            address = "http://127.0.0.1:%d/v1" % server.sockets[0].getsockname()[1]
            stream = await patchbay.acompletion(
                "openai/gpt-4o", [{"role": "user", "content": "x"}], stream=True, api_base=address)
            said = []

            async def read():
                async for piece in stream:
                    said.append(piece.choices[0].delta.content or "")
                    told.set()

            readers = [asyncio.ensure_future(read()) for _ in range(8)]
            await told.wait()
            released.set()
            await asyncio.gather(*readers)
            print("".join(said))
            server.close()

        asyncio.run(main())
        """
    )
    assert out == "one\n"


def test_a_cancelled_task_cancels_its_call(run_python, provider):
    run_python(
        """
        import asyncio, patchbay

        async def main():
            task = asyncio.create_task(patchbay.acompletion(
                "openai/gpt-4o", [{"role": "user", "content": "script:hangs"}]))
            done, _ = await asyncio.wait([task], timeout=0.5)
            assert not done
            task.cancel()
            try:
                await task
            except asyncio.CancelledError:
                print("cancelled")

        asyncio.run(main())
        """
    )
    client.gone(provider, "hangs")


def test_the_interpreter_ends_with_calls_under_way(run_python, provider):
    run_python(
        """
        import threading, patchbay

        def hang():
            try:
                patchbay.completion("openai/gpt-4o", [{"role": "user", "content": "script:hangs"}])
            except patchbay.APIError:
                pass  # the engine is closed first

        stream = patchbay.completion("openai/gpt-4o", [{"role": "user", "content": "script:one-piece"}], stream=True)
        assert next(stream).choices[0].delta.content == "one"
        threading.Thread(target=hang, daemon=True).start()
        """
    )
    client.gone(provider, "one-piece")


def test_an_interrupt_ends_a_stream_and_its_call(provider, tmp_path):
    # Who runs these tests in the background of a shell has it ignored.
    program = """
import signal
import patchbay

signal.signal(signal.SIGINT, signal.default_int_handler)

def talk():
    messages = [{"role": "user", "content": "script:one-piece"}]
    for chunk in patchbay.completion("openai/gpt-4o", messages, stream=True):
        print(chunk.choices[0].delta.content, flush=True)

try:
    talk()
except KeyboardInterrupt:
    print("interrupted", flush=True)
input()
"""
    provider.clear()
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env=client.environment(provider, tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "one\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "interrupted\n"
        client.gone(provider, "one-piece")  # while the program lives
        assert process.poll() is None
        process.communicate("\n", timeout=paths.deadline(20))
        assert process.returncode == 0
    finally:
        process.kill()


def test_a_stream_that_nobody_holds_closes_its_connection(run_python, provider):
    run_python(
        """
        import gc, sys, patchbay

        stream = patchbay.completion("openai/gpt-4o", [{"role": "user", "content": "script:one-piece"}], stream=True)
        assert next(stream).choices[0].delta.content == "one"
        call = stream._call
        assert sys.getrefcount(call) == 3
        del call, stream
        gc.collect()
        # The engine is free for others, and so is the connection.
        patchbay.completion("openai/gpt-4o", [{"role": "user", "content": "hello"}])
        """
    )
    client.gone(provider, "one-piece")


def test_a_with_block_ends_its_stream(run_python, provider):
    run_python(
        """
        import patchbay

        with patchbay.completion("openai/gpt-4o", [{"role": "user", "content": "script:one-piece"}], stream=True) as stream:
            next(stream)
        assert list(stream) == []
        """
    )
    client.gone(provider, "one-piece")


def test_importing_costs_little(provider, tmp_path):
    program = """
import resource, sys, threading, time
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begin = time.process_time()  # of the processor: what else runs is not the package's
import patchbay
took = time.process_time() - begin
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
assert threading.active_count() == 1
heavy = [m for m in ("asyncio", "openai", "httpx", "pydantic", "ssl") if m in sys.modules]
libraries = [line for line in open("/proc/self/maps") if "libpatchbay" in line]
print(took * 1000, grown / 1024, heavy, len(libraries))
"""
    best = 1e9
    for _ in range(3):
        done = subprocess.run(
            [client.python(), "-c", program],
            env=client.environment(provider, tmp_path),
            capture_output=True,
            text=True,
            check=True,
        )
        took, grown, rest = done.stdout.split(" ", 2)
        best = min(best, float(took))
    assert rest.strip() == "[] 0"
    assert best < 50 * paths.SLOWNESS
    assert float(grown) < 20


def test_descriptors_and_threads_do_not_pile_up(run_python):
    run_python(
        f"""
        import os, threading, patchbay

        def ask():
            patchbay.completion("openai/gpt-4o", {ASK})
            list(patchbay.completion("openai/gpt-4o", {ASK}, stream=True))

        def counted():
            return len(os.listdir("/proc/self/fd")), len(os.listdir("/proc/self/task"))

        for _ in range(3): ask()
        before = counted()
        for _ in range(50): ask()
        after = counted()
        # A connection that was still in use may have been joined by one more.
        assert after[0] <= before[0] + 2 and after[1] == before[1], (before, after)
        """
    )


def test_the_program_s_own_signals_are_its_own(run_python):
    """The engine's threads take no signal: an alarm reaches the program's handler, and the wait goes on."""
    out = run_python(
        f"""
        import signal, patchbay

        rung = []
        signal.signal(signal.SIGALRM, lambda *_: rung.append(1))
        signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
        answer = patchbay.completion("openai/gpt-4o", {ASK}, mock_response="x", mock_delay=0.5)
        signal.setitimer(signal.ITIMER_REAL, 0)
        print(answer.choices[0].message.content, len(rung) > 3)
        """
    )
    assert out == "x True\n"
