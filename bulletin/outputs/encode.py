"""MP3 frames by LAME, with the Info frame that lameenc does not write: decoders then find the first and last sample.

The Info frame is the Xing header with LAME's extension (“Mp3 Info Tag rev 1”, Gabriel Bouvigne): frame and byte
counts, a seek table, and how many samples of delay and padding to leave out.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

from bulletin.model import Master
from bulletin.ports import Encoder

DELAY = 576
"""Samples that LAME puts in front (its encoder delay)."""
FRAME = 1152
"""Samples in an MPEG-1 Layer III frame."""
TURNED_DOWN = {True: 0.95, False: 0.97}
"""What LAME does to the level at constant bitrates up to 160 kbit/s, and above."""
RATES = {44_100: 0, 48_000: 1, 32_000: 2}
BITRATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
QUALITY, PLAIN = 5, 7
"""LAME's: 0 is slowest, 9 fastest. 7 does not shape noise, which under 96 kbit/s throws up a peak now and then, each time elsewhere."""


class Mp3Encoder:
    """Writes frames to a file as they come; memory does not grow. An Encoder (see `ports`)."""

    bits = 16

    def __init__(self, path: Path, form: Master, plain: bool = False) -> None:
        import lameenc

        self.rate, self.channels, self.bitrate = form.rate, form.channels, form.bitrate
        self.gain = TURNED_DOWN[form.bitrate <= 160]
        self.lame = lameenc.Encoder()
        self.lame.set_in_sample_rate(form.rate)
        self.lame.set_out_sample_rate(form.rate)
        self.lame.set_channels(form.channels)
        self.lame.set_bit_rate(form.bitrate)
        self.quality = PLAIN if plain else QUALITY
        self.lame.set_quality(self.quality)
        self.lame.silence()
        self.samples = 0
        self.file = path.open("wb")
        self.file.write(bytes(self.frame_size))

    @property
    def frame_size(self) -> int:
        """Bytes of one frame without padding."""
        return 144 * self.bitrate * 1000 // self.rate

    def write(self, block: bytes) -> None:
        """Take 16-bit little-endian interleaved samples."""
        self.samples += len(block) // (2 * self.channels)
        self.file.write(bytes(self.lame.encode(block)))

    def close(self) -> None:
        """Flush the last frames and write the Info frame over the place kept for it."""
        self.file.write(bytes(self.lame.flush()))
        size = self.file.tell()
        self.file.seek(0)
        self.file.write(self.info(size))
        self.file.close()

    def info(self, size: int) -> bytes:
        """The Info frame for a file of `size` bytes, itself included."""
        count = round((size - self.frame_size) / (144 * self.bitrate * 1000 / self.rate))
        padding = max(0, count * FRAME - DELAY - self.samples)
        table = bytes(at * 256 // 100 for at in range(100))
        mono = self.channels == 1
        header = 0xFFFB0000 | BITRATES.index(self.bitrate) << 12 | RATES[self.rate] << 10 | (0xC0 if mono else 0x40)
        side = bytes(17 if mono else 32)
        xing = b"Info" + struct.pack(">III", 0x0F, count, size) + table + struct.pack(">I", 100 - self.quality * 10)
        lame = (
            b"LAME3.100" + bytes([0x01, 0]) + bytes(8)  # constant bitrate, low pass not told, no gain
            + bytes([0, min(self.bitrate, 255)]) + (DELAY << 12 | min(padding, 0xFFF)).to_bytes(3, "big")
            + bytes([0, 0, 0, 0]) + struct.pack(">IH", size, 0)  # the sound's own checksum is optional
        )  # fmt: skip
        frame = struct.pack(">I", header) + side + xing + lame
        return (frame + struct.pack(">H", crc16(frame))).ljust(self.frame_size, b"\0")


HEADER = 44
"""Bytes of a WAV file in front of its samples."""
LARGEST = 2**32 - 2**20
"""Bytes of a WAV file, with room for its other chunks."""


class WavEncoder:
    """Writes PCM of 16 or 24 bits to a WAV file as it comes. An Encoder (see `ports`)."""

    gain = 1.0

    def __init__(self, path: Path, form: Master, plain: bool = False) -> None:
        self.form, self.bits = form, form.bits
        self.file = path.open("wb")
        self.file.write(bytes(HEADER))

    def write(self, block: bytes) -> None:
        """Take little-endian interleaved samples. Raises OSError where the file would be larger than the format allows."""
        self.file.write(block)
        if self.file.tell() > LARGEST:
            raise OSError(27, "a WAV holds 4 GB at most")

    def close(self) -> None:
        """Write the header over the place kept for it (RIFF, Microsoft/IBM 1991)."""
        size = self.file.tell() - HEADER
        frame = self.bits // 8 * self.form.channels
        form = struct.pack("<IHHIIHH", 16, 1, self.form.channels, self.form.rate, self.form.rate * frame, frame, self.bits)
        self.file.write(bytes(size % 2))
        self.file.seek(0)
        self.file.write(b"RIFF" + struct.pack("<I", size + size % 2 + HEADER - 8) + b"WAVEfmt " + form + b"data" + struct.pack("<I", size))
        self.file.close()


ENCODERS: dict[str, Callable[[Path, Master, bool], Encoder]] = {".mp3": Mp3Encoder, ".wav": WavEncoder}
"""Ending -> what writes it."""


def crc16(data: bytes) -> int:
    """CRC-16/ARC, as LAME's extension has it over its own frame."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc
