"""For how long a server asks to be left alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

DAY = 86_400.0
"""Seconds; who asks for longer means that as well."""


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds for which a Retry-After asks, itself in seconds or a date by the server's own clock (RFC 9110, 10.2.3); None for neither."""
    told = {name.lower(): value.strip() for name, value in headers.items()}
    asked = told.get("retry-after", "")
    if asked.isascii() and asked.isdecimal():
        return min(float(asked), DAY)
    until = moment(asked)
    if until is None:
        return None
    now = moment(told.get("date", "")) or datetime.now(UTC)
    return min(max((until - now).total_seconds(), 0.0), DAY)


def moment(value: str) -> datetime | None:
    """An HTTP-date, or None where it is none."""
    try:
        found = parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
