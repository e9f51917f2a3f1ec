"""How long a server asks to be left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bulletin.waiting import DAY, retry_after


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120), (" 0 ", 0), ("", None), ("soon", None), ("-5", None), ("1.5", None), ("²", None), ("Wed, 21 Oct 2015 07:28:00 GMT", 0)],
)
def test_seconds_are_read_as_they_are_and_a_date_that_has_passed_is_now(value: str, seconds: float | None) -> None:
    assert retry_after({"RETRY-AFTER": value}) == seconds


def test_no_header_asks_for_nothing() -> None:
    assert retry_after({}) is None


def test_a_date_is_so_far_from_now() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(minutes=2), usegmt=True)
    assert retry_after({"Retry-After": later}) == pytest.approx(120, abs=3)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("9" * 400, DAY),
        ("Sun, 06 Nov 1994 08:50:37 GMT", 60.0),
        ("Sun, 06 Nov 1994 08:00:00 GMT", 0.0),
        ("Sunday, 06-Nov-94 08:50:37 GMT", 60.0),
        ("Sun Nov  6 08:50:37 1994", 60.0),
        ("soon", None),
        ("-5", None),
        ("١٢", None),
        ("", None),
    ],
)
def test_how_long_a_server_asks_to_be_left_alone_is_understood(value: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": value, "Date": "Sun, 06 Nov 1994 08:49:37 GMT"}) == seconds
