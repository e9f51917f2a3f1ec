"""Whether an MP3 is whole: frame behind frame to its last byte. `takes.py` asks before a clip is believed."""

from __future__ import annotations

BITRATES = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""kbit/s of layer III by the header's four bits: MPEG-1 (ISO/IEC 11172-3, 2.4.2.3), and below it (ISO/IEC 13818-3, 2.4.2.3)."""
RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
"""Samples a second by version and the header's two bits: MPEG-1, MPEG-2, and 2.5, which is Fraunhofer's and in neither standard."""
LAYER_III = 1
HEADER = 4
"""Bytes."""


def whole(mp3: bytes) -> bool:
    """Whether there is nothing but complete layer III frames of one version and rate, between an ID3v2 and an ID3v1 tag if any.

    Free format, whose frames do not tell their length, counts as not whole. What is cut off exactly between two frames cannot be told.
    """
    at, end = sound(mp3)
    kind = mp3[at + 1 : at + 3]
    if at >= end:
        return False
    while at < end:
        size = length(mp3[at : at + HEADER])
        if not size or (mp3[at + 1] ^ kind[0]) & 0x18 or (mp3[at + 2] ^ kind[1]) & 0x0C:
            return False
        at += size
    return at == end


def sound(mp3: bytes) -> tuple[int, int]:
    """Where the frames begin and end: behind an ID3v2 tag (id3v2.4.0-structure, 3.1), before an ID3v1 tag."""
    end = len(mp3) - 128 if mp3[-128:-125] == b"TAG" else len(mp3)
    if mp3[:3] != b"ID3" or len(mp3) < 10:
        return 0, end
    size = sum((byte & 0x7F) << shift for byte, shift in zip(mp3[6:10], (21, 14, 7, 0), strict=True))
    footer = 10 if mp3[5] & 0x10 else 0
    return 10 + size + footer, end


def length(header: bytes) -> int:
    """Bytes of the frame that these four begin (ISO/IEC 11172-3, 2.4.3.1: slots of one byte in layer III); 0 if they begin none."""
    if len(header) < HEADER or header[0] != 0xFF or header[1] & 0xE0 != 0xE0 or header[1] >> 1 & 3 != LAYER_III:
        return 0
    version, bitrate, rate = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version not in RATES or rate == 3 or bitrate in (0, 15):
        return 0
    first = version == 3
    samples = 1152 if first else 576  # 13818-3: half as many in the lower sampling frequencies
    return samples // 8 * BITRATES[first][bitrate] * 1000 // RATES[version][rate] + (header[2] >> 1 & 1)
