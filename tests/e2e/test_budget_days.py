"""When the days of budgets begin: `timezone` and `budget_reset_time`."""

import datetime
import zoneinfo

import pytest

from support import canary, paths
from support.gateway import LOADED_AGAIN, config, deployment

UTC = datetime.timezone.utc


def settings(books, **litellm):
    return config(
        deployment("scripted", "openai/gpt-4o", "http://127.0.0.1:1/v1", canary.OPENAI),
        litellm_settings=litellm,
        general_settings={"database_url": books.url},
    )


def next_reset(gateway, duration):
    made = gateway.make_key(max_budget=1, budget_duration=duration)
    return datetime.datetime.fromisoformat(made["budget_reset_at"].replace("Z", "+00:00"))


def beginning(now, zone, hour, minute, days):
    """The next time that it is hour:minute there, of the days that `days` lets pass."""
    at = now.astimezone(zone).replace(hour=hour, minute=minute, second=0, microsecond=0)
    while at.astimezone(UTC) <= now or not days(at):
        at += datetime.timedelta(days=1)
    return at


DAYS = {"1d": lambda at: True, "7d": lambda at: at.weekday() == 0, "1mo": lambda at: at.day == 1}


@pytest.mark.parametrize("duration", DAYS)
@pytest.mark.parametrize("name, time", [("Asia/Kolkata", None), ("America/New_York", "06:30"), (None, "23:59"), ("UTC", None)])
def test_periods_end_when_a_day_begins_there(start, books, tmp_path, name, time, duration):
    litellm = {key: value for key, value in {"timezone": name, "budget_reset_time": time}.items() if value}
    gateway = start(settings(books, **litellm), env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")})
    hour, minute = map(int, (time or "00:00").split(":"))
    zone = zoneinfo.ZoneInfo(name or "UTC")
    before = beginning(datetime.datetime.now(UTC), zone, hour, minute, DAYS[duration])
    told = next_reset(gateway, duration)
    after = beginning(datetime.datetime.now(UTC), zone, hour, minute, DAYS[duration])
    assert told in (before, after)


def test_a_zone_that_nobody_knows_is_utc_and_said(start, books, tmp_path):
    gateway = start(settings(books, timezone="Mars/Olympus"), env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")})
    assert "`litellm_settings.timezone` is no zone of this system's database" in gateway.output
    assert next_reset(gateway, "1d").astimezone(UTC).time() == datetime.time()


def test_a_reload_moves_the_days(start, books, tmp_path):
    gateway = start(settings(books), env={"PATCHBAY_STATE_DIR": str(tmp_path / "state")})
    assert next_reset(gateway, "1d").astimezone(UTC).time() == datetime.time()
    at = gateway.reload(settings(books, timezone="Asia/Kolkata"))
    gateway.wait_for(LOADED_AGAIN, paths.deadline(20), at)
    assert next_reset(gateway, "1d").astimezone(UTC).time() == datetime.time(18, 30)
