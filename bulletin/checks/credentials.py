"""The content credentials (C2PA): whose they are, and whether the file is as it was signed. Most files have none."""

from __future__ import annotations

from importlib.util import find_spec

from bulletin import signing
from bulletin.checks import PROBLEM, WARNING, Checked, Finding
from bulletin.checks.exhibit import Exhibit
from bulletin.errors import SigningError


def look(exhibit: Exhibit) -> Checked | None:
    """Ask the file for its credentials; None where it has none, or nothing here can read them."""
    if find_spec("c2pa") is None:
        return None
    try:
        found = signing.verify(exhibit.path)
    except SigningError as error:
        unread = Finding(severity=WARNING, what=error.message, hint=error.hint)
        return Checked(name="credentials", summary="cannot be read", findings=[unread])
    if found is None:
        return None
    changed = Finding(
        severity=PROBLEM,
        what=f"It is not as “{found.signer}” signed it.",
        found="; ".join(found.faults)[:80],
        hint="Take it from where it was made.",
    )
    state = "unchanged since" if found.unchanged else "changed since"
    measured = {"signer": found.signer, "unchanged": found.unchanged, "digital_source": found.source_type, "faults": list(found.faults)}
    summary = f"signed by {found.signer}, {state}"
    return Checked(name="credentials", summary=summary, measured=measured, findings=[] if found.unchanged else [changed])
