"""The rows of the table. Each function measures and returns one or more results; see docs/performance.md."""

import dataclasses
import functools
import typing

from . import rows_isolation, rows_life, rows_micro, rows_stream, windows
from .result import Result, at_least, at_most


# What every good answer to a kind of request holds, towards its end.
EXPECTED = {
    "small": '"finish_reason":"stop"',
    "uncached": '"finish_reason":"stop"',
    "large": '"finish_reason":"stop"',
    "messages": '"stop_reason":"end_turn"',
    "embeddings": '"total_tokens":1200',
    "responses": '"total_tokens":114',
    "generate": '"totalTokenCount":114',
}


def cpu_row(bench, name, what, connections, kind, model, budget, rate=False, subject=None):
    subject = subject or bench.patchbay
    load = windows.Load("whole", connections, target=bench.whole_target(kind, model),
                        flags={"expect": EXPECTED[kind]})
    rounds = windows.alternate(bench, [bench.nginx, subject], load)
    ratios = [r[subject.name]["cpu_us"] / r["nginx"]["cpu_us"] for r in rounds]
    results = [Result(name, what, ratio=windows.spread(ratios), limit=at_most(budget),
                      subject=median(rounds, subject.name, "cpu_us", "{:.1f} us"),
                      floor=median(rounds, "nginx", "cpu_us", "{:.1f} us"), rounds=rounds)]
    if rate:
        results.append(rate_result(rounds))
    return results


SATURATED = 0.9  # share of its core that a subject must have used for its rate to be its limit


def rate_result(rounds):
    """Where the subjects did not fill their core, something else was the limit (the load generator, other work on
    the machine); then what a core could do is told from the CPU time."""
    full = all(windows.spread([r[s]["busy"] for r in rounds])[0] >= SATURATED for s in ("nginx", "patchbay"))

    def rate(window):
        return window["per_second"] if full else window["requests"] / window["cpu_s"]

    def text(subject):
        busy = windows.spread([r[subject]["busy"] for r in rounds])[0]
        return f"{windows.spread([rate(r[subject]) for r in rounds])[0]:.0f}/s ({busy:.0%} busy)"

    ratios = [rate(r["patchbay"]) / rate(r["nginx"]) for r in rounds]
    what = "requests/s on one core, c=64" + ("" if full else " (from CPU time)")
    return Result("rate-c64", what, ratio=windows.spread(ratios), limit=at_least(0.55), subject=text("patchbay"),
                  floor=text("nginx"))


def median(rounds, subject, field, text):
    return text.format(windows.spread([r[subject][field] for r in rounds])[0])


def latency(bench):
    load = windows.Load("whole", 1, target=bench.whole_target("small"), flags={"expect": EXPECTED["small"]})
    rounds = windows.alternate(bench, [bench.upstream, bench.nginx, bench.patchbay], load)
    results = []
    for field, name in (("p50_us", "latency-p50"), ("p99_us", "latency-p99")):
        added = {s: [r[s][field] - r["direct"][field] for r in rounds] for s in ("nginx", "patchbay")}
        ratios = [p / n if n > 0 else float("nan") for p, n in zip(added["patchbay"], added["nginx"])]
        results.append(Result(name, f"added latency {field[:3]}, c=1", ratio=windows.spread(ratios),
                              limit=at_most(1.5), subject=f"+{windows.spread(added['patchbay'])[0]:.0f} us",
                              floor=f"+{windows.spread(added['nginx'])[0]:.0f} us",
                              rounds=rounds if field == "p50_us" else None))
    return results


def to_provider(provider, bench):
    """A client of OpenAI's chat API to a provider of another one; nginx proxies OpenAI's request and answer."""
    name = provider.lower()
    return cpu_row(bench, "cpu-" + name, f"CPU/request, to {provider}, c=8", 8, "small", "bench-" + name, 3.0,
                   subject=bench.patchbay_of_providers)


def with_books(connections, bench):
    return cpu_row(bench, f"cpu-books-c{connections}", f"CPU/request, key, limits and books, c={connections}",
                   connections, "small", "bench", 1.8, subject=bench.patchbay_with_books)


def routed(bench):
    """Each call looks into the cache, finds nothing and leaves nothing there."""
    return cpu_row(bench, "cpu-routed", "CPU/request, by use, with limits and cache lookups, c=8", 8, "uncached",
                   "bench-routed", 2.0, subject=bench.patchbay_routed)


def cache_hit(bench):
    return cpu_row(bench, "cpu-cache-hit", "CPU/request, a hit of the response cache, c=8", 8, "small",
                   "bench-routed", 1.0, subject=bench.patchbay_routed)


@dataclasses.dataclass
class Row:
    name: str
    measure: typing.Callable
    full_seconds: int
    quick_seconds: int


ROWS = [
    Row("cpu-c8", lambda b: cpu_row(b, "cpu-c8", "CPU/request, 0.2 KB, c=8", 8, "small", "bench", 2.0), 92, 15),
    Row("cpu-c64", lambda b: cpu_row(b, "cpu-c64", "CPU/request, 0.2 KB, c=64", 64, "small", "bench", 2.0,
                                     rate=True), 92, 15),
    Row("cpu-routed", routed, 92, 15),
    Row("cpu-cache-hit", cache_hit, 92, 15),
    *[Row(f"cpu-books-c{n}", functools.partial(with_books, n), 92, 15) for n in (8, 64)],
    Row("cpu-120k", lambda b: cpu_row(b, "cpu-120k", "CPU/request, 120 KB, c=8", 8, "large", "bench", 2.0), 92, 15),
    Row("cpu-anthropic", lambda b: cpu_row(b, "cpu-anthropic", "CPU/request, to Anthropic, c=8", 8, "small",
                                           "bench-anthropic", 3.0), 92, 15),
    *[Row("cpu-" + provider.lower(), functools.partial(to_provider, provider), 92, 15)
      for provider in ("Gemini", "Bedrock", "Cohere")],
    Row("cpu-messages-native", lambda b: cpu_row(b, "cpu-messages-native", "CPU/request, Messages to Anthropic, c=8",
                                                 8, "messages", "bench-anthropic", 2.0), 92, 15),
    Row("cpu-responses-native", lambda b: cpu_row(b, "cpu-responses-native", "CPU/request, Responses to OpenAI, c=8",
                                                  8, "responses", "bench", 2.0), 92, 15),
    Row("cpu-responses-anthropic", lambda b: cpu_row(b, "cpu-responses-anthropic",
                                                     "CPU/request, Responses to Anthropic, c=8", 8, "responses",
                                                     "bench-anthropic", 3.0), 92, 15),
    Row("cpu-gemini-openai", lambda b: cpu_row(b, "cpu-gemini-openai", "CPU/request, generateContent to OpenAI, c=8", 8,
                                               "generate", "bench", 3.0), 92, 15),
    Row("cpu-messages-openai", lambda b: cpu_row(b, "cpu-messages-openai", "CPU/request, Messages to OpenAI, c=8", 8,
                                                 "messages", "bench", 3.0), 92, 15),
    Row("cpu-embeddings", lambda b: cpu_row(b, "cpu-embeddings", "CPU/request, 100 embeddings, 1.9 MB, c=8", 8,
                                            "embeddings", "bench", 1.5), 92, 15),
    Row("latency", latency, 136, 22),
    Row("stream-cpu", rows_stream.event_cpu, 110, 24),
    Row("stream-translated", rows_stream.translated, 330, 72),
    Row("first-event", rows_stream.first_event, 92, 15),
    Row("stalls", rows_stream.stalls, 110, 24),
    Row("open-streams", rows_stream.open_streams, 36, 36),
    Row("memory", rows_life.memory, 130, 16),
    Row("start", rows_life.start, 8, 8),
    Row("boundary", rows_micro.boundary, 15, 8),
    Row("reload", rows_life.reload, 92, 15),
    Row("isolated", rows_isolation.cost, 200, 40),
    Row("crashes", rows_isolation.crashes, 92, 15),
]
