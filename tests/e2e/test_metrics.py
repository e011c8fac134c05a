"""/metrics: Prometheus' text format, and numbers that follow what happened."""

from support import answers
from support.metrics import grown, scrape
from support.process import eventually
from support.wire import Wire, ask, chat, request


def test_requests_are_counted(gateway):
    before = scrape(gateway)
    for _ in range(5):
        assert ask(gateway.port, chat()).status == 200
    for _ in range(3):
        assert ask(gateway.port, chat(stream=True)).status == 200
    after = eventually(
        lambda: (now := scrape(gateway)) and grown(before, now, r"requests.*_total$") >= 8 and now,
        10,
    )
    assert grown(before, after, r"requests.*_total$") >= 8


def test_failures_are_counted_apart(gateway, upstream):
    upstream.scripts["boom"] = answers.error(500, answers.openai_error("boom"))
    before = scrape(gateway)
    assert ask(gateway.port, chat("boom")).status == 500
    assert ask(gateway.port, chat(), key=None).status == 401

    def labelled():
        now = scrape(gateway)
        return [
            key
            for key, value in now.items()
            if value > before.get(key, 0)
            and any(text.startswith(("500", "401", "5xx", "4xx", "fail")) for _, text in key[1])
        ]

    assert eventually(labelled, 10)


def test_counters_never_fall(gateway):
    before = scrape(gateway)
    ask(gateway.port, chat())
    after = scrape(gateway)
    assert not [
        key
        for key, value in before.items()
        if key[0].endswith(("_total", "_count", "_bucket")) and after.get(key, 0) < value
    ]


def test_hostile_names_do_not_break_the_format(gateway):
    """A model name from a client is not a label value; or it is quoted."""
    for name in ('a"b', "a\nb", "a\\", "\u00e9" * 100, "}"):
        ask(gateway.port, chat(model=name))
    size = len(scrape(gateway))
    for number in range(200):
        ask(gateway.port, chat(model=f"unknown-{number}"))
    assert len(scrape(gateway)) < size + 50, "label values grow with what clients send"


def test_scrape_during_streams(gateway, upstream):
    upstream.scripts["metered"] = answers.endless(0.01)
    with Wire(gateway.port) as wire:
        wire.send(request(chat("metered", stream=True)))
        wire.until(b"data: ")
        assert scrape(gateway)
