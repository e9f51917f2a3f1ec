"""Content credentials as c2pa's own reader sees them, and the file around them as it was.

Keys and certificates are made here, for a day: a station's own authority, and what it issues.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from conftest import ROOT, tool
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

import bulletin
from bulletin import check, signing
from bulletin import signer as signers
from bulletin.errors import SigningError, UsageError
from bulletin.model import Master
from bulletin.outputs.encode import Mp3Encoder
from bulletin.outputs.mp3 import comment, frame, picture, synchsafe, text
from bulletin.outputs.wav import DATA, chunk
from bulletin.signer import Signer
from bulletin.signing import load, sign, verify
from bulletin.targets import TARGETS

signs = pytest.mark.skipif(find_spec("c2pa") is None, reason="c2pa-python is not installed: pip install 'bulletin[sign]'")
SYNTHETIC = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
AT = datetime(2026, 3, 12, 18, 5, tzinfo=UTC)
NOW = datetime.now(UTC)
SAID: dict[str, Any] = {"title": "Harbour bridge opens; Cầu cảng mở cửa", "station": "River Radio", "source_type": SYNTHETIC, "made": AT}
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")


# --- an authority of our own ---


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def key_text(key: Any, form: PrivateFormat = PrivateFormat.PKCS8, password: bytes = b"") -> bytes:
    return key.private_bytes(Encoding.PEM, form, BestAvailableEncryption(password) if password else NoEncryption())


def usage(*bits: str) -> x509.KeyUsage:
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign")
    return x509.KeyUsage(**{name: name in bits for name in names}, crl_sign=False, encipher_only=False, decipher_only=False)


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "River Radio Ltd")])


@dataclass
class Authority:
    key: Any
    certificate: x509.Certificate

    def issue(self, key: Any, name: str = "River Radio news desk", **change: Any) -> x509.Certificate:
        """A certificate that C2PA takes, but for what is changed."""
        parts: dict[str, Any] = {
            "constraints": x509.BasicConstraints(ca=False, path_length=None),
            "usage": usage("digital_signature"),
            "purposes": x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]),
            "above": x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
            "days": (-1, 1),
        } | change
        first, last = (NOW + timedelta(days=days) for days in parts.pop("days"))
        return built(named(name), self.certificate.subject, key, self.key, first, last, *parts.values())


def built(subject: x509.Name, issuer: x509.Name, key: Any, by: Any, first: datetime, last: datetime, *parts: Any) -> x509.Certificate:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(first).not_valid_after(last)
    for part in filter(None, parts):
        builder = builder.add_extension(part, critical=isinstance(part, x509.BasicConstraints | x509.KeyUsage))
    return builder.sign(by, None if isinstance(by, ed25519.Ed25519PrivateKey) else hashes.SHA256())


def new_authority() -> Authority:
    key, name = new_key(), named("River Radio authority")
    parts = (
        x509.BasicConstraints(ca=True, path_length=None),
        usage("key_cert_sign"),
        x509.SubjectKeyIdentifier.from_public_key(key.public_key()),
    )
    return Authority(key, built(name, name, key, key, NOW - timedelta(days=99), NOW + timedelta(days=99), *parts))


AUTHORITY = new_authority()
DESK = new_key()


def papers(folder: Path, key: bytes, *certificates: x509.Certificate) -> tuple[Path, Path]:
    """A certificate's file and a key's."""
    folder.mkdir(exist_ok=True)
    (folder / "station.pem").write_bytes(b"".join(each.public_bytes(Encoding.PEM) for each in certificates))
    (folder / "station.key").write_bytes(key)
    return folder / "station.pem", folder / "station.key"


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return load(*papers(tmp_path_factory.mktemp("papers"), key_text(DESK), AUTHORITY.issue(DESK)))


@pytest.fixture
def anchors(tmp_path: Path) -> Path:
    path = tmp_path / "anchors.pem"
    path.write_bytes(AUTHORITY.certificate.public_bytes(Encoding.PEM))
    return path


# --- files with all that a bulletin's may have ---


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Two seconds of LAME, with its Info frame."""
    path = tmp_path_factory.mktemp("mp3") / "frames"
    form = Master(name="", target=TARGETS["podcast"], kinds=(".mp3",), rate=48_000, channels=2, bitrate=128, bits=16)
    encoder = Mp3Encoder(path, form)
    encoder.write((np.random.default_rng(0).standard_normal((96_000, 2)) * 3000).astype("<i2").tobytes())
    encoder.close()
    return path.read_bytes()


def chapter(name: str, start: int, end: int, title: str) -> bytes:
    """A CHAP frame with its title and its link (ID3v2 Chapter Frame Addendum 1.0)."""
    times = struct.pack(">IIII", start, end, 2**32 - 1, 2**32 - 1)
    return frame("CHAP", name.encode() + b"\0" + times + text("TIT2", title) + frame("WXXX", b"\0\0https://river.example/" + name.encode()))


def wide(*words: str) -> bytes:
    return b"\x01" + b"\0\0".join(word.encode("utf-16") for word in words)


def tag() -> bytes:
    """A v2.3 tag whose frames stand in an order that nobody would sort them in."""
    body = b"".join(
        (
            text("TIT2", "Harbour bridge opens; Cầu cảng mở cửa"),
            *(text(name, value) for name, value in {"TPE1": "River Radio", "TYER": "2026", "TDAT": "1203", "TIME": "1805"}.items()),
            comment("eng", "https://river.example/a\nhttps://river.example/b"),
            frame("CTOC", b"toc\0\x03\x03c2\0c0\0c1\0" + text("TIT2", "Contents")),
            chapter("c2", 1000, 2000, "Weather"),
            chapter("c0", 0, 500, "Bridge"),
            chapter("c1", 500, 1000, "Cầu cảng"),
            frame("USLT", b"\x01eng" + wide("", "The bridge opened.\nCầu cảng mở cửa.")[1:]),
            frame("TXXX", wide("LOUDNESS", "-16.0 LUFS")),
            frame("TXXX", wide("VOICE", "synthetic")),
            frame("PRIV", b"river\0" + bytes(range(256))),
            picture(PNG),
        )
    )
    return b"ID3\x03\0\0" + synchsafe(len(body)) + body


def wave(samples: int = 48_001) -> bytes:
    """A Broadcast WAV of 24 bits, mono, whose last sample leaves an odd byte."""
    sound = np.random.default_rng(0).integers(0, 256, samples * 3, np.uint8).tobytes()
    words = b"INFO" + b"".join(DATA.pack(name, 6) + value for name, value in ((b"INAM", b"Cargo\0"), (b"IART", b"River\0")))
    about = (chunk(b"bext", b"Bridge opens".ljust(603, b"\0")), chunk(b"cart", b"0101" + bytes(2044)), chunk(b"LIST", words))
    form = DATA.pack(b"fmt ", 16) + struct.pack("<HHIIHH", 1, 1, 48_000, 144_000, 3, 24)
    body = form + b"".join(about) + DATA.pack(b"data", len(sound)) + sound + bytes(len(sound) % 2)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


FILES: dict[str, Callable[[bytes], bytes]] = {
    "tagged.mp3": lambda frames: tag() + frames,
    "bare.mp3": lambda frames: frames,
    "air.wav": lambda frames: wave(),
}


@pytest.fixture(params=FILES)
def file(request: pytest.FixtureRequest, tmp_path: Path, frames: bytes) -> Path:
    path = tmp_path / request.param
    path.write_bytes(FILES[request.param](frames))
    return path


@pytest.fixture
def tagged(tmp_path: Path, frames: bytes) -> Path:
    path = tmp_path / "tagged.mp3"
    path.write_bytes(tag() + frames)
    return path


@pytest.fixture
def air(tmp_path: Path) -> Path:
    path = tmp_path / "air.wav"
    path.write_bytes(wave())
    return path


def output(*command: str | Path) -> bytes:
    return subprocess.run([tool(str(command[0])), *map(str, command[1:])], capture_output=True, check=True).stdout


# --- what must not change ---


@signs
def test_an_mp3_keeps_its_tag_and_its_frames_to_the_byte(tagged: Path, frames: bytes, signer: Signer) -> None:
    sign(tagged, signer, **SAID)
    made = tagged.read_bytes()
    size = sum(byte << shift for byte, shift in zip(made[6:10], (21, 14, 7, 0), strict=True))
    assert made[:6] == b"ID3\x03\0\0"
    assert made[10:].startswith(tag()[10:] + b"GEOB")
    assert made[10 + size :] == frames


@signs
def test_a_wav_keeps_its_chunks_to_the_byte(air: Path, signer: Signer) -> None:
    sign(air, signer, **SAID)
    made = air.read_bytes()
    assert made[8:].startswith(wave()[8:] + b"C2PA")
    assert struct.unpack("<I", made[4:8])[0] == len(made) - 8
    size = struct.unpack("<I", made[len(wave()) + 4 :][:4])[0]
    assert len(made) == len(wave()) + 8 + size + size % 2


@signs
def test_the_sound_is_the_same_to_the_sample(file: Path, signer: Signer) -> None:
    def decoded() -> list[str]:
        sound = [soundfile.read(file, dtype="int32")[0].tobytes(), output("ffmpeg", "-v", "error", "-i", file, "-f", "s32le", "-")]
        if file.suffix == ".mp3":
            sound.append(output("mpg123", "-q", "-s", file))
        return [hashlib.sha256(each).hexdigest() for each in sound]

    before = decoded()
    sign(file, signer, **SAID)
    assert decoded() == before


@signs
def test_programs_that_we_did_not_write_read_the_tag_as_before(tagged: Path, signer: Signer) -> None:
    import mutagen.id3

    def read() -> tuple[Any, list[str]]:
        probed = json.loads(output("ffprobe", "-v", "error", "-of", "json", "-show_chapters", "-show_entries", "format_tags", tagged))
        found = mutagen.id3.ID3(tagged, translate=False)
        assert found.version == (2, 3, 0)
        return probed, [repr(each) for each in found.values() if each.FrameID != "GEOB"]

    before = read()
    assert [each["tags"]["title"] for each in before[0]["chapters"]] == ["Weather", "Bridge", "Cầu cảng"]
    sign(tagged, signer, **SAID)
    assert read() == before
    checked = output("mp3val", tagged).decode()
    assert "WARNING" not in checked and "ERROR" not in checked


@signs
def test_programs_that_we_did_not_write_read_the_wav_as_before(air: Path, signer: Signer) -> None:
    command = ("ffprobe", "-v", "warning", "-of", "json", "-show_streams", "-show_entries", "format_tags:format=duration", air)
    before = output(*command)
    assert b"Bridge opens" in before and b"Cargo" in before
    sign(air, signer, **SAID)
    assert output(*command) == before


@signs
def test_a_tag_that_has_padding_gives_it_up(tmp_path: Path, frames: bytes, signer: Signer) -> None:
    path, body = tmp_path / "a.mp3", tag()[10:]
    path.write_bytes(b"ID3\x03\0\0" + synchsafe(len(body) + 500) + body + bytes(500) + frames)
    sign(path, signer, **SAID)
    assert path.read_bytes()[10:].startswith(body + b"GEOB")
    assert path.read_bytes().endswith(frames)
    assert verify(path)


def test_nothing_of_c2pa_is_loaded_before_it_is_needed() -> None:
    code = "import sys, bulletin.signing; print(sorted({'c2pa', 'cryptography'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout == "[]\n"


# --- what a signed file tells ---


@signs
def test_it_tells_who_made_it_when_and_with_what_kind_of_voice(file: Path, signer: Signer) -> None:
    sign(file, signer, **SAID)
    found = verify(file)
    assert found
    assert (found.signer, found.organisation, found.station) == ("River Radio news desk", "River Radio Ltd", "River Radio")
    assert (found.title, found.source_type) == (SAID["title"], SYNTHETIC)
    assert datetime.fromisoformat(found.made) == AT
    assert found.software.startswith("bulletin ")
    assert (found.unchanged, found.faults, found.stamped) == (True, (), "")


@signs
def test_c2pa_itself_reads_it_without_our_help(file: Path, signer: Signer) -> None:
    from c2pa import Reader

    sign(file, signer, **SAID)
    with Reader(file) as reader:
        told = json.loads(reader.detailed_json())
    results = told["validation_results"]["activeManifest"]
    assert told["validation_state"] == "Valid"
    assert [each["code"] for each in results["failure"]] == ["signingCredential.untrusted"]
    assert [each["code"] for each in results["informational"]] == ["signingCredential.ocsp.skipped"]
    (seal,) = told["manifests"].values()
    (action,) = seal["assertion_store"]["c2pa.actions.v2"]["actions"]
    assert (action["action"], action["digitalSourceType"], action["softwareAgent"]["name"]) == ("c2pa.created", SYNTHETIC, "bulletin")
    assert any(each["url"].endswith("c2pa.actions.v2") for each in seal["claim"]["created_assertions"]), "the signer answers for it"


@signs
def test_nothing_is_left_out_of_the_hash_but_the_manifest(file: Path, signer: Signer) -> None:
    from c2pa import Reader

    sign(file, signer, **SAID)
    with Reader(file) as reader:
        (seal,) = json.loads(reader.detailed_json())["manifests"].values()
    (hole,) = seal["assertion_store"]["c2pa.hash.data"]["exclusions"]
    data = file.read_bytes()[hole["start"] :][: hole["length"]]
    seal = data[8:] if data.startswith(b"C2PA") else data
    assert seal[4:8] == b"jumb" and struct.unpack(">I", seal[:4])[0] == len(seal)


@signs
def test_a_signer_is_trusted_where_it_leads_to_an_anchor(tagged: Path, signer: Signer, anchors: Path, tmp_path: Path) -> None:
    sign(tagged, signer, **SAID)
    others = tmp_path / "others.pem"
    others.write_bytes(new_authority().certificate.public_bytes(Encoding.PEM))
    assert [found and found.trusted for found in (verify(tagged), verify(tagged, others), verify(tagged, anchors))] == [False, False, True]


@signs
@pytest.mark.parametrize("title", ["a", "ab", "", "A title of many words. " * 40])
def test_it_reads_back_whatever_its_length(air: Path, tagged: Path, signer: Signer, title: str) -> None:
    for path in (air, tagged):
        sign(path, signer, **SAID | {"title": title})
        assert verify(path)
    data = air.read_bytes()
    assert struct.unpack("<I", data[4:8])[0] + 8 == len(data) and not len(data) % 2


@signs
def test_a_file_that_is_not_done_yet_has_any_name(tmp_path: Path, signer: Signer) -> None:
    path = tmp_path / ".air.wav.0123abcd.part"
    path.write_bytes(wave())
    sign(path, signer, **SAID)
    assert verify(path)


@signs
def test_a_file_that_bears_none_says_so(file: Path) -> None:
    assert verify(file) is None


# --- what a change does ---


def positions(path: Path) -> list[int]:
    """Bytes of a signed file all over what is not its manifest: of its headers, of what is told in them, of its sound."""
    data = path.read_bytes()
    if path.suffix == ".wav":
        return [22, data.index(b"Bridge"), data.index(b"Cargo"), data.index(b"data") + 5_000, data.rindex(b"C2PA") - 2]
    size = sum(byte << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
    told = [data.index(b"R\0i\0v\0e\0r"), data.index(b"CTOC") + 14] if b"CTOC" in data else []
    return [*told, data.index(b"manifest store"), 10 + size + 40, 10 + size + 9_000, len(data) - 1]


@signs
def test_one_bit_that_changes_is_noticed(file: Path, signer: Signer) -> None:
    sign(file, signer, **SAID)
    whole = file.read_bytes()
    for at in positions(file):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        found = verify(file)
        assert found and not found.unchanged and found.faults, at


@signs
def test_another_source_type_in_the_manifest_is_noticed(file: Path, signer: Signer) -> None:
    sign(file, signer, **SAID)
    file.write_bytes(file.read_bytes().replace(b"compositeWithTrainedAlgorithmicMedia", b"compositeWithTrainedAlgorithmicMediA"))
    found = verify(file)
    assert found and not found.unchanged


@signs
def test_bytes_behind_the_end_are_noticed(tagged: Path, signer: Signer) -> None:
    sign(tagged, signer, **SAID)
    with tagged.open("ab") as file:
        file.write(b"TAG" + bytes(125))
    found = verify(tagged)
    assert found and not found.unchanged


@signs
def test_a_file_that_is_cut_short_is_no_whole_one(file: Path, signer: Signer) -> None:
    sign(file, signer, **SAID)
    file.write_bytes(file.read_bytes()[:-1_000])
    try:
        found = verify(file)
    except SigningError as error:
        assert error.hint
    else:
        assert found is None or not found.unchanged


def test_a_certificate_that_has_run_out_since_is_a_fault_and_no_change() -> None:
    codes = ("assertion.dataHash.match", "claimSignature.validated")
    told = {
        "active_manifest": "urn:a",
        "manifests": {"urn:a": {"signature_info": {"issuer": "River Radio Ltd"}}},
        "validation_results": {"activeManifest": {"success": [{"code": code} for code in codes]}},
        "validation_status": [{"code": "signingCredential.expired", "explanation": "certificate expired"}],
        "validation_state": "Invalid",
    }
    found = signing.credentials(told)
    assert (found.signer, found.unchanged, found.trusted, found.faults) == ("River Radio Ltd", True, False, ("certificate expired",))


@pytest.mark.parametrize(
    ("said", "station"),
    [({"dc:publisher": "River"}, "River"), ({"dc:publisher": ["River", 7]}, "River; 7"), ([1], ""), ("", ""), (None, "")],
)
def test_metadata_of_another_program_are_read_as_far_as_they_go(said: object, station: str) -> None:
    told = {"active_manifest": "urn:a", "manifests": {"urn:a": {"assertions": [{"label": "cawg.metadata", "data": said}]}}}
    assert signing.credentials(told).station == station
    assert not signing.credentials({}).unchanged


# --- keys and certificates ---


@signs
@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (lambda: ec.generate_private_key(ec.SECP256R1()), "es256"),
        (lambda: ec.generate_private_key(ec.SECP384R1()), "es384"),
        (lambda: ec.generate_private_key(ec.SECP521R1()), "es512"),
        (lambda: rsa.generate_private_key(65_537, 2048), "ps256"),
        (ed25519.Ed25519PrivateKey.generate, "ed25519"),
    ],
)
def test_the_certificate_says_how_to_sign(tmp_path: Path, tagged: Path, key: Callable[[], Any], algorithm: str, anchors: Path) -> None:
    private = key()
    signer = load(*papers(tmp_path / "papers", key_text(private), AUTHORITY.issue(private)))
    assert signer.algorithm == algorithm
    sign(tagged, signer, **SAID)
    found = verify(tagged, anchors)
    assert found and found.unchanged and found.trusted


@signs
@pytest.mark.parametrize("purpose", signers.PURPOSES)
def test_every_purpose_that_c2pa_names_may_sign(tmp_path: Path, tagged: Path, anchors: Path, purpose: str) -> None:
    certificate = AUTHORITY.issue(DESK, purposes=x509.ExtendedKeyUsage([x509.ObjectIdentifier(purpose)]))
    sign(tagged, load(*papers(tmp_path / "papers", key_text(DESK), certificate)), **SAID)
    found = verify(tagged, anchors)
    assert found and found.trusted


@signs
def test_certificates_may_stand_in_any_order_and_the_authority_is_left_out(tmp_path: Path, tagged: Path, anchors: Path) -> None:
    between = Authority(new_key(), AUTHORITY.certificate)
    ability = {"constraints": x509.BasicConstraints(ca=True, path_length=0), "usage": usage("key_cert_sign"), "purposes": None}
    identifier = x509.SubjectKeyIdentifier.from_public_key(between.key.public_key())
    between.certificate = AUTHORITY.issue(between.key, "River Radio issuing", **ability, own=identifier)
    own = between.issue(DESK, days=(-1, 0.5))
    signer = load(*papers(tmp_path / "papers", key_text(DESK), AUTHORITY.certificate, between.certificate, own))
    assert x509.load_pem_x509_certificates(signer.chain) == [own, between.certificate]
    assert signer.until == own.not_valid_after_utc
    sign(tagged, signer, **SAID)
    found = verify(tagged, anchors)
    assert found and found.trusted


@signs
def test_a_key_in_the_old_form_will_do(tmp_path: Path) -> None:
    assert load(*papers(tmp_path / "papers", key_text(DESK, PrivateFormat.TraditionalOpenSSL), AUTHORITY.issue(DESK)))


@signs
def test_a_signer_is_told_without_its_key(signer: Signer) -> None:
    assert "PRIVATE" not in repr(signer) and "River Radio news desk" in repr(signer)


def own_word() -> x509.Certificate:
    name, parts = named("Nobody"), (usage("digital_signature"), x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]))
    return built(name, name, DESK, DESK, NOW - timedelta(days=1), NOW + timedelta(days=1), *parts)


BAD: dict[str, Callable[[], tuple[bytes, list[x509.Certificate]]]] = {
    "ran out on": lambda: (key_text(DESK), [AUTHORITY.issue(DESK, days=(-20, -10))]),
    "does not hold before": lambda: (key_text(DESK), [AUTHORITY.issue(DESK, days=(10, 20))]),
    "does not match the certificate": lambda: (key_text(new_key()), [AUTHORITY.issue(DESK)]),
    "it vouches for itself": lambda: (key_text(DESK), [own_word()]),
    "it is an authority's own": lambda: (key_text(AUTHORITY.key), [AUTHORITY.certificate]),
    "keyUsage": lambda: (key_text(DESK), [AUTHORITY.issue(DESK, usage=usage("key_agreement"))]),
    "extendedKeyUsage": lambda: (
        key_text(DESK),
        [AUTHORITY.issue(DESK, purposes=x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]))],
    ),
    "does not name its authority's key": lambda: (key_text(DESK), [AUTHORITY.issue(DESK, above=None)]),
    "locked with a password": lambda: (key_text(DESK, password=b"secret"), [AUTHORITY.issue(DESK)]),
    "no private key in PEM": lambda: (b"a key", [AUTHORITY.issue(DESK)]),
    "no certificate in PEM": lambda: (key_text(DESK), []),
    "a key of the kind": lambda: (key_text(small := rsa.generate_private_key(65_537, 1024)), [AUTHORITY.issue(small)]),
}


@signs
@pytest.mark.parametrize("words", BAD)
def test_what_cannot_sign_is_told_before_any_work(tmp_path: Path, words: str) -> None:
    key, certificates = BAD[words]()
    with pytest.raises(SigningError) as caught:
        load(*papers(tmp_path / "papers", key, *certificates))
    assert words in caught.value.message and caught.value.hint
    assert "PRIVATE" not in caught.value.message


@signs
def test_papers_that_are_not_there_are_named(tmp_path: Path) -> None:
    certificate, key = papers(tmp_path / "papers", key_text(DESK), AUTHORITY.issue(DESK))
    with pytest.raises(SigningError, match=r"none\.pem: No such file"):
        load(tmp_path / "none.pem", key)
    with pytest.raises(SigningError, match=r"none\.key: No such file"):
        load(certificate, tmp_path / "none.key")


@signs
def test_anchors_that_are_no_certificates_are_named(tagged: Path, signer: Signer, tmp_path: Path) -> None:
    sign(tagged, signer, **SAID)
    (tmp_path / "anchors.pem").write_text("nobody")
    with pytest.raises(SigningError, match=r"anchors\.pem is no certificate"):
        verify(tagged, tmp_path / "anchors.pem")


# --- what goes wrong leaves the file as it was ---


def unsigned(path: Path, signer: Signer, words: str, **change: Any) -> None:
    """Signing fails with these words, and what lies in the folder is as it was."""
    before = {each: each.read_bytes() for each in path.parent.iterdir() if each.is_file()}
    with pytest.raises(SigningError) as caught:
        sign(path, signer, **SAID | change)
    assert words in caught.value.message and caught.value.hint
    assert {each: each.read_bytes() for each in path.parent.iterdir() if each.is_file()} == before


@signs
def test_a_certificate_that_ran_out_meanwhile_signs_nothing(file: Path, signer: Signer) -> None:
    late = AUTHORITY.issue(DESK, days=(-20, -10)).public_bytes(Encoding.PEM)
    unsigned(file, replace(signer, chain=late), "not valid at time of signing")


@signs
def test_a_key_of_another_signs_nothing(file: Path, signer: Signer) -> None:
    unsigned(file, replace(signer, key=key_text(new_key())), "do not read back")


@signs
def test_a_disk_that_fills_up_leaves_no_half_of_a_file(file: Path, signer: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copymode", full)
    unsigned(file, signer, "No space left on device")


@signs
def test_what_c2pa_does_not_read_back_is_not_published(file: Path, signer: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "bound", lambda *arguments: b"no manifest")
    unsigned(file, signer, "")


@signs
def test_a_file_is_signed_once(file: Path, signer: Signer) -> None:
    sign(file, signer, **SAID)
    unsigned(file, signer, "bears content credentials already")


@signs
@pytest.mark.parametrize("source_type", ["", "synthetic", "https://example.org/synthetic"])
def test_a_source_type_is_one_that_others_know(tagged: Path, signer: Signer, source_type: str) -> None:
    unsigned(tagged, signer, "is no digital source type", source_type=source_type)


@signs
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"OggS" + bytes(99), "is neither MP3 nor WAV"),
        (b"", "is neither MP3 nor WAV"),
        (b"ID3\x04\0\0\0\0\0\0\xff\xfb" + bytes(99), "is no plain v2.3"),
        (b"ID3\x03\0\x80\0\0\0\0\xff\xfb" + bytes(99), "is no plain v2.3"),
        (wave()[:-2], "is no whole WAV"),
        (wave() + b"more", "is no whole WAV"),
    ],
)
def test_a_file_of_another_kind_is_left_alone(tmp_path: Path, signer: Signer, data: bytes, words: str) -> None:
    path = tmp_path / "sound"
    path.write_bytes(data)
    unsigned(path, signer, words)


@signs
def test_a_file_that_is_not_there_is_named(tmp_path: Path, signer: Signer) -> None:
    with pytest.raises(SigningError, match=r"none\.mp3: No such file"):
        sign(tmp_path / "none.mp3", signer, **SAID)


@pytest.mark.parametrize("call", [lambda path: load(path, path), verify])
def test_without_c2pa_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Callable[[Path], object]) -> None:
    monkeypatch.setitem(sys.modules, "c2pa", None)
    with pytest.raises(UsageError) as caught:
        call(tmp_path / "a.mp3")
    assert caught.value.hint == "pip install 'bulletin[sign]'"


# --- the network ---


class Asked(BaseHTTPRequestHandler):
    """A server that has nothing, and counts who asked."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Any:
    Asked.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Asked) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


@signs
def test_nobody_is_asked_even_where_a_certificate_names_whom_to_ask(tmp_path: Path, tagged: Path, server: Any, anchors: Path) -> None:
    address = x509.UniformResourceIdentifier(f"http://127.0.0.1:{server.server_port}/ocsp")
    access = x509.AuthorityInformationAccess([x509.AccessDescription(AuthorityInformationAccessOID.OCSP, address)])
    sign(tagged, load(*papers(tmp_path / "papers", key_text(DESK), AUTHORITY.issue(DESK, access=access))), **SAID)
    assert verify(tagged, anchors)
    assert Asked.asked == []


@signs
def test_a_time_stamp_is_asked_for_where_its_authority_is_named(tagged: Path, signer: Signer, server: Any) -> None:
    address = f"http://127.0.0.1:{server.server_port}/stamp"
    unsigned(tagged, signer, "404", timestamps=address)
    assert "/stamp" in Asked.asked


# --- in a bulletin ------------------------------------------------------------------------------------------


@signs
def test_a_stations_bulletin_is_signed_in_every_form_and_proves_itself(story: Path, tmp_path: Path, anchors: Path) -> None:
    certificate, key = papers(tmp_path / "papers", key_text(DESK), AUTHORITY.issue(DESK))
    (tmp_path / "station.toml").write_text(
        f'[station]\nname = "River Radio"\n[signing]\ncertificate = "papers/{certificate.name}"\nkey = "papers/{key.name}"\n',
        encoding="utf-8",
    )
    report = bulletin.make(story, output=tmp_path / "a.mp3", masters=["podcast", "air"], station=tmp_path / "station.toml")
    for file in report.files[:3]:
        found = verify(file, anchors)
        assert found and found.unchanged and found.trusted and found.station == "River Radio" and found.title == report.title
        assert found.source_type.endswith("/compositeWithTrainedAlgorithmicMedia")
    verdict = check.check(report.files[0], station=tmp_path / "station.toml")
    assert [finding.what for finding in verdict.findings] == []
    (signed,) = [each for each in verdict.checks if each.name == "credentials"]
    assert "River Radio" in signed.summary and signed.summary.endswith("unchanged since")
    data = bytearray(report.files[0].read_bytes())
    data[-5000] ^= 1
    report.files[0].write_bytes(data)
    (signed,) = [each for each in check.check(report.files[0], station=tmp_path / "station.toml").checks if each.name == "credentials"]
    assert signed.word == "problem" and "is not as" in signed.findings[0].what


@signs
def test_bad_papers_are_found_before_any_work_is_done(story: Path, tmp_path: Path) -> None:
    certificate, key = papers(tmp_path / "papers", key_text(new_key()), AUTHORITY.issue(DESK))
    settings = {"signing.certificate": str(certificate), "signing.key": str(key)}
    asked: list[str] = []
    with pytest.raises(SigningError, match="does not match"):
        bulletin.make(story, settings=settings, progress=lambda step, done, total: asked.append(step))
    assert asked == [] and not list((tmp_path / "audio_out").glob("*"))
