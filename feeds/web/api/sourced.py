"""What each list of the API says of itself: source, licence, the day of the last reading, the day it is.

Enters: the site, the day in Paris. Leaves: the fields of `models.Sourced` and `models.Dated`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from feeds.web.site import Site
from tracker.clock import paris_day
from tracker.export import LICENCE, SOURCE


def sourced(site: Site) -> dict[str, Any]:
    """The fields of `models.Sourced`."""
    checked_at = site.reader.last_good_check()
    return {
        "source": SOURCE,
        "licence": LICENCE,
        "source_verifiee_le": paris_day(checked_at) if checked_at else None,
    }


def dated(site: Site, today: date) -> dict[str, Any]:
    """The fields of `models.Dated`."""
    return {**sourced(site), "date": today}
