"""Downloading one large file: from where it was left, with patience, and with an end to it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bulletin.catalogue import VoiceFile
from bulletin.errors import InstallError
from bulletin.ports import Progress
from bulletin.waiting import retry_after

CHUNK = 1 << 16
"""Bytes asked for at once; what has come is taken."""
TRIES = 4
"""In a row that bring next to nothing."""
FIRST_WAIT = 1.0
"""Seconds before the second try; twice as many before each further one."""
LONGEST_WAIT = 120.0
"""Seconds that a server may ask us to wait."""
WORTH = 1_000_000
"""Bytes that a try must bring to count as none that failed."""
SLOWEST = (60.0, 10_000)
"""(seconds, bytes) that must come in them."""
BUSY = (408, 425, 429, 500, 502, 503, 504)
"""Answers after which the same request may go through later."""
ELSEWHERE = "Fetch it elsewhere, and name the folder it is in: --from FOLDER"
HEADERS = {"User-Agent": "bulletin (voices install)", "Accept-Encoding": "identity"}


def fetch(file: VoiceFile, part: Path, timeout: float, say: Callable[[str], None], progress: Progress) -> None:
    """Bring the file at `part` to its full size; whether it is right is for others to check.

    timeout: seconds that the server may take to answer, or to go on. Raises InstallError; what has come stays.
    """
    tries = 1
    while (before := size(part)) != file.size:
        try:
            attempt(file, part, timeout, progress)
        except InstallError as error:
            tries = 1 if size(part) - before >= WORTH else tries + 1
            wait = error.after if error.after is not None else FIRST_WAIT * 2 ** max(0, tries - 2)
            if not error.transient or tries > TRIES:
                raise
            say(f"{error.message} Trying again{f' in {wait:.0f} s' if wait >= 1 else ''}.")
            time.sleep(wait)


def attempt(file: VoiceFile, part: Path, timeout: float, progress: Progress) -> None:
    """One request for what is still missing. Raises InstallError."""
    import requests
    import urllib3

    if size(part) > file.size:
        part.unlink()
    have = size(part)
    headers = {**HEADERS, "Range": f"bytes={have}-"} if have else HEADERS
    try:
        with requests.get(file.url, headers=headers, timeout=timeout, stream=True) as answer:
            if file.url.startswith("https:") and not answer.url.startswith("https:"):
                raise InstallError(f"{file.url} leads to {answer.url}, which is not protected.", ELSEWHERE)
            if answer.status_code >= 400:
                raise refused(file, part, answer)
            pour(answer.raw, file, part, beginning(answer, have), progress)
    except requests.exceptions.SSLError as error:
        raise InstallError(f"{file.url} has no valid certificate.", f"Check this machine's clock. {ELSEWHERE}") from error
    except (requests.Timeout, urllib3.exceptions.TimeoutError) as error:
        raise InstallError(f"{file.url} did not go on within {timeout:g} seconds.", ELSEWHERE, transient=True) from error
    except requests.exceptions.ProxyError as error:
        raise InstallError("The proxy cannot be reached.", f"Check HTTPS_PROXY and NO_PROXY. {ELSEWHERE}", transient=True) from error
    except (requests.ConnectionError, urllib3.exceptions.HTTPError) as error:
        raise InstallError(f"The connection to {host(file)} failed.", f"Check the network. {ELSEWHERE}", transient=True) from error
    except (requests.RequestException, ValueError) as error:
        raise InstallError(f"{file.url} gave an answer that cannot be read.", ELSEWHERE) from error
    except OSError as error:
        if error.errno is not None:  # the disk
            raise
        raise InstallError(f"{error}.", "Correct REQUESTS_CA_BUNDLE, or unset it.") from error


def pour(raw: Any, file: VoiceFile, part: Path, start: int, progress: Progress) -> None:
    """Write the body behind the first `start` bytes of `part`, anew for 0. Raises InstallError for too many, too few, too slow."""
    take = getattr(raw, "read1", raw.read)  # urllib3 1.26 has no read1: there a slow server is noticed later
    done, (patience, least) = start, SLOWEST
    with part.open("r+b" if start else "wb") as target:
        target.seek(start)
        target.truncate()
        since, mark = time.monotonic(), done
        while block := take(CHUNK):
            done += len(block)
            if done > file.size:
                target.truncate(0)
                raise InstallError(f"{file.url} is larger than the {file.size:,} bytes that the catalogue lists.", ELSEWHERE)
            target.write(block)
            progress(label(file), done, file.size)
            if time.monotonic() - since > patience:
                if done - mark < least:
                    raise InstallError(f"{host(file)} is too slow: {done - mark:,} bytes in {patience:g} s.", ELSEWHERE, transient=True)
                since, mark = time.monotonic(), done
        target.flush()
        os.fsync(target.fileno())
    if done < file.size:
        raise InstallError(f"The connection to {host(file)} was cut at {done / 1e6:.1f} MB.", ELSEWHERE, transient=True)


def beginning(answer: Any, have: int) -> int:
    """At which byte an answer begins: where we are, or at 0 from a server that knows no ranges. Raises InstallError for elsewhere."""
    if answer.status_code != 206:
        return 0
    told = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
    if not told or int(told[1]) != have:
        raise InstallError(f"{answer.url} gave another part than the one that was asked for.", ELSEWHERE)
    return have


def refused(file: VoiceFile, part: Path, answer: Any) -> InstallError:
    """The error for a file that the server will not give; what is here is thrown away where the server cannot go on from it."""
    status = answer.status_code
    if status == 416:
        part.unlink(missing_ok=True)
        return InstallError(f"{host(file)} cannot go on from what is here.", ELSEWHERE, transient=True)
    why = {
        401: "it asks for a login",
        403: "it refuses us",
        404: "there is no such file",
        410: "the file is gone",
        429: "too many requests",
    }
    message = f"{file.url} answered {status}: {why.get(status, answer.reason or 'an error')}."
    after = retry_after(answer.headers) if status in BUSY else None
    if after is not None and after > LONGEST_WAIT:
        return InstallError(message, f"It asks to be left alone for {after / 60:.0f} minutes: try again then. {ELSEWHERE}", after=after)
    return InstallError(message, ELSEWHERE, transient=status in BUSY, after=after)


def host(file: VoiceFile) -> str:
    """The server's name."""
    return file.url.split("/")[2]


def label(file: VoiceFile) -> str:
    """What a progress bar is headed with."""
    return f"Fetching {file.name} ({file.size / 1e6:.1f} MB)"


def size(path: Path) -> int:
    """Bytes of a file; 0 for none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
