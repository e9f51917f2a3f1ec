"""Content credentials (C2PA): a finished MP3 or WAV is signed with who made it, when, and with what kind of voice, and asked again later.

c2pa makes the manifest and judges it. Where it goes in the file is settled here: c2pa itself would write a v2.3 tag anew as v2.4, and
hold a whole WAV in memory. All else in the file stays byte for byte as it was. No network, unless a time-stamp authority is named.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import struct
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from bulletin.errors import SigningError, UsageError
from bulletin.signer import PROFILE, PURPOSES, Signer, certificates, papers, pem

if TYPE_CHECKING:
    from c2pa import Context

SOURCE_TYPES = ("http://cv.iptc.org/newscodes/digitalsourcetype/", "http://c2pa.org/digitalsourcetype/")
"""What the address of a digital source type begins with: IPTC's, and C2PA's few of its own."""
UNKNOWN = "signingCredential.untrusted"
"""What c2pa says of a signer that leads to no anchor: no fault of the file's."""
WHOLE = {"assertion.dataHash.match", "claimSignature.validated"}
"""What it says of a file that is as it was signed (C2PA 2.4 §15.2.2), unless it says one of these too."""
BROKEN = {"assertion.dataHash.mismatch", "assertion.hashedURI.mismatch", "assertion.missing", "claimSignature.mismatch"}
DRAFT = 10_000
"""Bytes of a manifest as a guess: the first is made only to be measured."""
LARGEST = 2**32 - 1
"""What a RIFF file counts up to."""
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a file says of itself, and whether it may."""

    signer: str
    organisation: str
    """Both from the certificate."""
    title: str
    station: str
    software: str
    """Name and version of the program that made it."""
    source_type: str
    """The address of a digital source type; empty where it tells none."""
    made: str
    """ISO 8601, as the signer says."""
    stamped: str
    """When it was signed, ISO 8601, as a time-stamp authority says; empty where none was asked."""
    unchanged: bool
    """All of it is as it was signed."""
    trusted: bool
    """The certificate leads to one of the anchors that were given."""
    faults: tuple[str, ...]
    """What c2pa finds wrong, in its words. A signer that it does not know is no fault."""


class Tag:
    """The end of an ID3v2.3 tag, or a new one: a GEOB frame (§4.16) holds the manifest, which alone is not hashed (C2PA 2.4 §A.3.4)."""

    mime = "audio/mpeg"
    hidden = 0
    ABOUT = b"\x00application/c2pa\x00c2pa\x00c2pa manifest store\x00"

    def __init__(self, file: BinaryIO) -> None:
        """Raises SigningError for a tag that is no plain v2.3."""
        opening = file.read(10)
        self.start = self.stop = self.resume = 0
        if opening.startswith(b"ID3"):
            if opening[3] != 3 or opening[5]:
                raise SigningError(f"The ID3 tag of {file.name} is no plain v2.3.", "Sign the file as bulletin made it.")
            size = sum(byte << shift for byte, shift in zip(opening[6:10], (21, 14, 7, 0), strict=True))
            self.start, self.stop, self.resume = 10, 10 + frames_end(file.read(size)), 10 + size

    def head(self, size: int) -> bytes:
        """The tag's header, §3.1, for a manifest of so many bytes."""
        tag = self.stop - self.start + len(self.label(size)) + size
        return b"ID3\x03\x00\x00" + bytes(tag >> shift & 0x7F for shift in (21, 14, 7, 0))

    def label(self, size: int) -> bytes:
        """The frame's header, §3.3, and what it says of its contents."""
        return b"GEOB" + struct.pack(">IH", len(self.ABOUT) + size, 0) + self.ABOUT

    def tail(self, size: int) -> bytes:
        """Nothing."""
        return b""


class Riff:
    """The end of a WAV: a last chunk `C2PA`, from its name to its last byte not hashed (C2PA 2.4 §A.3.7)."""

    mime = "audio/wav"
    hidden = 8
    start = 8

    def __init__(self, file: BinaryIO) -> None:
        """Raises SigningError for a file that is longer or shorter than it says."""
        opening = file.read(12)
        self.stop = self.resume = file.seek(0, os.SEEK_END)
        if opening[8:] != b"WAVE" or self.stop % 2 or struct.unpack("<I", opening[4:8])[0] + 8 != self.stop:
            raise SigningError(f"{file.name} is no whole WAV.", "Sign the file as bulletin made it.")

    def head(self, size: int) -> bytes:
        """The file's header, for a manifest of so many bytes. Raises SigningError where it cannot count so far."""
        whole = self.stop + size + size % 2
        if whole > LARGEST:
            raise SigningError("There is no room for content credentials: a WAV holds 4 GB.", "Make it shorter, or an MP3.")
        return b"RIFF" + struct.pack("<I", whole)

    def label(self, size: int) -> bytes:
        """The chunk's header."""
        return b"C2PA" + struct.pack("<I", size)

    def tail(self, size: int) -> bytes:
        """The byte that makes a chunk even, where there is one."""
        return bytes(size % 2)


Gap = Tag | Riff
"""Where a manifest goes. The signed file is: head, the file's bytes from `start` to `stop`, label, manifest, tail, those from `resume`.
The last `hidden` bytes of the label are not hashed, nor is the manifest."""


def installed() -> None:
    """Raise UsageError where c2pa-python is missing, or its library does not load here."""
    try:
        import c2pa  # noqa: F401
    except (ImportError, OSError, RuntimeError) as error:
        raise UsageError("Content credentials need c2pa-python.", "pip install 'bulletin[sign]'") from error


def load(certificate: Path, key: Path) -> Signer:
    """A station's certificate, with those that lead to its authority, and its key (PEM), tried on nothing before any work is done.

    Raises SigningError for what cannot be signed with, and UsageError where c2pa-python is missing.
    """
    installed()
    signer = papers(certificate, key)
    manifest(signer, "", [created(SOURCE_TYPES[0], datetime.now(UTC)), binding(0, DRAFT, bytes(32))])
    return signer


def sign(path: Path, signer: Signer, *, title: str, station: str, source_type: str, made: datetime, timestamps: str = "") -> None:
    """Put a signed manifest into an MP3 or a WAV, whole or not at all, and read it back.

    source_type: the address of a digital source type. timestamps: that of a time-stamp authority (RFC 3161), which is asked twice.
    Raises SigningError, and UsageError where c2pa-python is missing.
    """
    if not source_type.startswith(SOURCE_TYPES):
        raise SigningError(f"“{source_type}” is no digital source type.", f"It begins with {SOURCE_TYPES[0]}")
    if verify(path):
        raise SigningError(f"{path} bears content credentials already.", "Sign the file as bulletin made it.")
    temporary = path.with_name(f".{secrets.token_hex(4)}.part")
    told = [created(source_type, made), about(title, station)]
    try:
        with path.open("rb") as source, temporary.open("wb") as target:
            gap = kind(source)(source)
            seal = bound(gap, source, signer, title, told, timestamps)
            target.writelines(pieces(gap, source, len(seal), seal))
        shutil.copymode(path, temporary)
        confirm(temporary, path)
        temporary.replace(path)
    except OSError as error:
        raise SigningError(f"Cannot sign {path}: {error.strerror or error}.", "It needs room beside it for a copy.") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def verify(path: Path, anchors: Path | None = None) -> Credentials | None:
    """The credentials that a file bears; None where none can be found, as when they were cut out.

    anchors: certificates, PEM, whose word for a signer is taken. Raises SigningError, and UsageError where c2pa-python is missing.
    """
    installed()
    from c2pa import C2paError, Reader

    try:
        with path.open("rb") as file:
            reader = Reader.try_create(kind(file).mime, file, context=context(anchors))
            if reader is None:
                return None
            with reader:
                return credentials(json.loads(reader.json()))
    except OSError as error:
        raise SigningError(f"Cannot read {error.filename or path}: {error.strerror or error}.", "See that it is there.") from error
    except C2paError as error:
        raise SigningError(f"The content credentials of {path} cannot be read: {reason(error)}.", "Ask whoever sent it.") from error


def credentials(told: dict[str, Any]) -> Credentials:
    """What c2pa's report on a file comes to."""
    seal = told.get("manifests", {}).get(told.get("active_manifest"), {})
    said = {each["label"].partition(".v")[0]: each.get("data") for each in seal.get("assertions", [])}
    first, *_ = (said.get("c2pa.actions") or {}).get("actions") or [{}]
    program, *_ = seal.get("claim_generator_info") or [{}]
    names = seal.get("signature_info") or {}
    failures = [each for each in told.get("validation_status", []) if each["code"] != UNKNOWN]
    passed = {each["code"] for each in told.get("validation_results", {}).get("activeManifest", {}).get("success", [])}
    return Credentials(
        signer=names.get("common_name") or names.get("issuer") or "",
        organisation=names.get("issuer") or "",
        title=seal.get("title") or "",
        station=publisher(said.get("cawg.metadata")),
        software=f"{program.get('name', '')} {program.get('version', '')}".strip(),
        source_type=first.get("digitalSourceType") or "",
        made=first.get("when") or "",
        stamped=names.get("time") or "",
        unchanged=passed >= WHOLE and not BROKEN & {each["code"] for each in failures},
        trusted=told.get("validation_state") == "Trusted",
        faults=tuple(each.get("explanation") or each["code"] for each in failures),
    )


def publisher(said: object) -> str:
    """The station, where a file's metadata tell one: c2pa does not look into them, so that anything may stand there."""
    names = said.get("dc:publisher") if isinstance(said, dict) else None
    return "; ".join(map(str, names)) if isinstance(names, list) else str(names or "")


def confirm(temporary: Path, path: Path) -> None:
    """Raise SigningError where c2pa itself does not take what was signed."""
    found = verify(temporary)
    if found is None or not found.unchanged or found.faults:
        wrong = "; ".join(found.faults) if found else "there are none"
        raise SigningError(f"The content credentials of {path} do not read back: {wrong}.", PROFILE)


def kind(file: BinaryIO) -> type[Gap]:
    """MP3 or WAV, from the first bytes: a file that is not done yet has another ending. Raises SigningError."""
    opening = file.read(4)
    file.seek(0)
    if opening == b"RIFF":
        return Riff
    if opening.startswith((b"ID3", b"\xff")):
        return Tag
    raise SigningError(f"{file.name} is neither MP3 nor WAV.", "Content credentials go into these two.")


def frames_end(tag: bytes) -> int:
    """Where the frames of a tag end and its padding begins (§3.3)."""
    at = 0
    while tag[at : at + 1].strip(b"\0"):
        at += 10 + int.from_bytes(tag[at + 4 : at + 8], "big")
    return min(at, len(tag))


def pieces(gap: Gap, source: BinaryIO, size: int, seal: bytes = b"") -> Iterator[bytes]:
    """The signed file, block by block; without a manifest but for its size, what of it is hashed."""
    label = gap.label(size)
    yield gap.head(size)
    yield from blocks(source, gap.start, gap.stop)
    yield label if seal else label[: len(label) - gap.hidden]
    yield seal
    yield gap.tail(size)
    yield from blocks(source, gap.resume)


def blocks(source: BinaryIO, start: int, stop: int = LARGEST) -> Iterator[bytes]:
    """Some bytes of a file."""
    source.seek(start)
    while block := source.read(min(BLOCK, stop - start)):
        start += len(block)
        yield block


def bound(gap: Gap, source: BinaryIO, signer: Signer, title: str, told: Sequence[Any], timestamps: str) -> bytes:
    """A manifest that is bound to the file in which it lies: one is made to be measured, then one of that length. Raises SigningError."""
    size = len(manifest(signer, title, [*told, binding(*hole(gap, DRAFT), bytes(32))], timestamps))
    for _ in range(3):
        hasher = hashlib.sha256()
        for piece in pieces(gap, source, size):
            hasher.update(piece)
        seal = manifest(signer, title, [*told, binding(*hole(gap, size), hasher.digest())], timestamps)
        if len(seal) == size:
            return seal
        size = len(seal)
    raise SigningError(f"The content credentials of {source.name} do not keep their length.", "Leave the signing off, and tell us.")


def hole(gap: Gap, size: int) -> tuple[int, int]:
    """What of the signed file is not hashed: its first byte, and how many."""
    return len(gap.head(size)) + gap.stop - gap.start + len(gap.label(size)) - gap.hidden, size + gap.hidden


def manifest(signer: Signer, title: str, assertions: Sequence[Any], timestamps: str = "") -> bytes:
    """A signed manifest with no file. Raises SigningError where c2pa will not sign."""
    from c2pa import Builder, C2paError, C2paSignerInfo
    from c2pa import Signer as Pen

    told = {"claim_generator_info": [agent()], "title": title, "assertions": assertions}
    try:
        info = C2paSignerInfo(signer.algorithm, signer.chain, signer.key, timestamps or None)
        with Pen.from_info(info) as pen, Builder(told, context=context()) as builder:
            builder.set_no_embed()
            return bytes(builder.sign(pen, "application/c2pa", BytesIO(b"\0"), BytesIO()))
    except C2paError as error:
        hint = f"Is {timestamps} a time-stamp authority, and does it answer?" if timestamps else PROFILE
        raise SigningError(f"c2pa does not sign as “{signer.name}”: {reason(error)}.", hint) from error


def agent() -> dict[str, str]:
    """The program that makes the claim, as C2PA names one."""
    return {"name": "bulletin", "version": version("bulletin")}


def created(source_type: str, made: datetime) -> dict[str, Any]:
    """The action that a manifest must begin with (C2PA 2.4 §15.10.1.2): made here, of this kind. The signer answers for it."""
    when = made.astimezone().isoformat(timespec="seconds")
    action = {"action": "c2pa.created", "when": when, "softwareAgent": agent(), "digitalSourceType": source_type}
    return {"label": "c2pa.actions", "created": True, "data": {"actions": [action]}}


def about(title: str, station: str) -> dict[str, Any]:
    """What it is called and who publishes it, in Dublin Core (CAWG Metadata Assertion 1.1)."""
    words = {"@context": {"dc": "http://purl.org/dc/elements/1.1/"}, "dc:title": title, "dc:publisher": [station]}
    return {"label": "cawg.metadata", "kind": "Json", "data": words}


def binding(start: int, length: int, digest: bytes) -> dict[str, Any]:
    """The SHA-256 of a file without these bytes, in which the manifest lies."""
    without = [{"start": start, "length": length}]
    data = {"exclusions": without, "name": "jumbf manifest", "alg": "sha256", "hash": list(digest), "pad": []}
    return {"label": "c2pa.hash.data", "data": data}


def context(anchors: Path | None = None) -> Context:
    """How c2pa is to judge: with these anchors, all purposes that C2PA names, and without the network."""
    from c2pa import Context

    trust = {"trust_config": "\n".join(PURPOSES)}
    if anchors:
        trust["user_anchors"] = pem(certificates(anchors)).decode()
    verify = {"verify_after_sign": False, "remote_manifest_fetch": False, "ocsp_fetch": False}
    return Context.from_dict({"verify": verify, "trust": trust})


def reason(error: Exception) -> str:
    """What c2pa says, in one line, without the class that it says it is of."""
    return " ".join(str(error).partition(": ")[2].split()).rstrip(".") or str(error)
