"""Named loudness targets, each with the document that asks for it."""

from __future__ import annotations

from bulletin.model import Target

TARGETS = {
    target.name: target
    for target in (
        Target(name="podcast", lufs=-16, true_peak=-1, source="Apple, Podcasts authoring: -16 LKFS +-1 dB, -1 dBFS true peak"),
        Target(name="r128", lufs=-23, true_peak=-1, source="EBU R 128 (2023): -23 LUFS, -1 dBTP"),
        Target(name="a85", lufs=-24, true_peak=-2, source="ATSC A/85:2013: -24 LKFS +-2 dB, -2 dBTP"),
        Target(name="spotify", lufs=-14, true_peak=-1, source="Spotify, loudness normalization: -14 LUFS, -1 dBTP"),
    )
}
"""Name -> target. `station.toml` takes any of them, or a number of LUFS."""
