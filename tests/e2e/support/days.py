"""Days of UTC, as the books have them, for tests that a day's end would spoil."""

from datetime import UTC, date, datetime

from . import paths
from .process import eventually


def today() -> date:
    """The day, when enough of it is left for a test; at its very end the next one, as soon as it has come."""
    enough = paths.deadline(20)

    def lasting():
        now = datetime.now(UTC)
        return 86400 - now.timestamp() % 86400 > enough and now.date()

    return eventually(lasting, enough + 10)
