"""Streams: CPU of an event, stalls, many at once."""

import threading

from . import servers, windows
from .result import Result, at_most


# The event that ends a whole stream of each API.
DONE = {"streamed": "data: [DONE]", "streamed-messages": '"type":"message_stop"',
        "streamed-responses": '"type":"response.completed"'}


def stream_load(bench, name, connections, kind="streamed", provider="", **flags):
    count, _ = servers.STREAMS[name]
    return windows.Load("stream", connections, target=bench.stream_target(name, kind, provider),
                        flags={"events": count, "done": DONE[kind], **flags})


def event_cpu(bench, name="stream-cpu", what="CPU/streamed event, 64 streams, 5 ms", kind="streamed", provider="",
              budget=2.0):
    load = stream_load(bench, "events", 64, kind, provider, **{"ramp-ms": 500})
    rounds = windows.alternate(bench, [bench.nginx_unbuffered, bench.patchbay], load)
    floor = "nginx, unbuffered"
    ratios = [r["patchbay"]["cpu_us"] / r[floor]["cpu_us"] for r in rounds]
    return [Result(name, what, ratio=windows.spread(ratios), limit=at_most(budget), rounds=rounds,
                   subject="%.1f us" % windows.spread([r["patchbay"]["cpu_us"] for r in rounds])[0],
                   floor="%.1f us" % windows.spread([r[floor]["cpu_us"] for r in rounds])[0])]


def translated(bench):
    """An event of one API that becomes one of another; the floor passes on what is in the client's API already."""
    results = []
    for name, what, kind, provider in (
        ("stream-messages-openai", "CPU/event, Messages to OpenAI", "streamed-messages", ""),
        ("stream-responses-anthropic", "CPU/event, Responses to Anthropic", "streamed-responses", "-anthropic"),
        ("stream-openai-anthropic", "CPU/event, chat to Anthropic", "streamed", "-anthropic"),
    ):
        results += event_cpu(bench, name, what, kind, provider, budget=4.0)
    return results


def first_event(bench):
    """Time to the first content event of a translated stream, beyond that of the provider's own."""
    load = stream_load(bench, "events", 8, "streamed-messages", **{"ramp-ms": 500})
    rounds = windows.alternate(bench, [bench.upstream, bench.patchbay], load)
    added = windows.spread([r["patchbay"]["first_p99_us"] - r["direct"]["first_p99_us"] for r in rounds])
    p50 = windows.spread([r["patchbay"]["first_p50_us"] - r["direct"]["first_p50_us"] for r in rounds])[0]
    return [Result("first-event", "added time to the first event, Messages to OpenAI, p99", value=added[0],
                   limit=at_most(1000, "<= 1 ms"), value_text=f"+{added[0]:.0f} us", rounds=rounds,
                   subject=f"p50 +{p50:.0f} us", floor="direct")]


def stalls(bench):
    """Each round: first direct, then the gateway, whose events may be 5 ms later than the latest direct one."""
    rounds = []
    for _ in range(2 * bench.pairs):
        try:
            direct = windows.window(bench, bench.upstream, stream_load(bench, "stalls", 200, **{"ramp-ms": 1000}),
                                    bench.seconds)
            allowed = int(direct["max_us"]) + 5000
            subject = windows.window(bench, bench.patchbay, stream_load(
                bench, "stalls", 200, **{"ramp-ms": 1000, "late-us": allowed}), bench.seconds)
            rounds.append({"direct": direct, "patchbay": subject, "allowed_us": allowed})
        except windows.Void as void:
            bench.note(str(void))
        if len(rounds) == bench.pairs:
            break
    if len(rounds) < bench.pairs:
        raise windows.Void("too many windows with a failed stream")
    late = sum(r["patchbay"]["late"] for r in rounds)
    events = sum(r["patchbay"]["events"] for r in rounds)
    return [Result("stalls", "events > 5 ms beyond direct, 200 streams", value=late, limit=at_most(0, "0"),
                   value_text=f"{late} of {events}", rounds=rounds,
                   subject="p99.9 %.1f, max %.1f ms" % worst(rounds, "patchbay"),
                   floor="p99.9 %.1f, max %.1f ms" % worst(rounds, "direct"))]


def worst(rounds, subject):
    return (windows.spread([r[subject]["p999_us"] for r in rounds])[0] / 1000,
            max(r[subject]["max_us"] for r in rounds) / 1000)


def open_streams(bench, streams=5000):
    """A gateway of its own, so that memory is that of these streams."""
    server = bench.new_patchbay("patchbay-open")
    try:
        windows.window(bench, server, windows.Load("whole", 1, target=bench.whole_target("small")), 1)
        before = server.memory_kb()
        peak = [before]
        ended = threading.Event()

        def watch():
            while not ended.wait(0.2):
                peak[0] = max(peak[0], server.memory_kb())

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            result = windows.window(bench, server, stream_load(
                bench, "open", streams, **{"ramp-ms": 5000, "once": 1}), 1)
        finally:
            ended.set()
            watcher.join()
        each = (peak[0] - before) / streams
        delivered = result["requests"] == streams and result["max_open"] == streams
        return [Result("open-streams", f"memory per open stream, {streams} open", limit=at_most(60, "<= 60 KB"),
                       value=each if delivered else float("inf"), value_text=f"{each:.1f} KB",
                       subject=f"{result['requests']} delivered, {result['max_open']} at once",
                       rounds=[{"before_kb": before, "peak_kb": peak[0], **result}])]
    finally:
        server.stop()
