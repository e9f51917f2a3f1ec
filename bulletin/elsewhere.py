"""A folder elsewhere, through fsspec: what is there, what is put there, what is taken away, and what went wrong, in words."""

from __future__ import annotations

import base64
import contextlib
import errno
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from bulletin.errors import PublishError, UsageError
from bulletin.shipment import KEPT, OBJECTS, PAGE, Piece, There

T = TypeVar("T")

BRIEF = "public, max-age=60"
"""Cache-Control of feeds and pages: who asks may be a minute behind."""
ASKING = "public, no-cache"
"""Of all else: keep it, and ask each time whether it is still the same, which costs no bytes (304). A correction reuses the name: sound
that a cache may keep for a day is heard for a day after it was taken back, and under a feed that says another length."""
PACKAGES = {
    "s3": "s3fs",
    "s3a": "s3fs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "sftp": "paramiko",
    "ssh": "paramiko",
    "abfs": "adlfs",
    "az": "adlfs",
}
DISKS = ("file", "local", "sftp", "ssh")
"""Kinds of places that lie on somebody's disk, which may not be there."""
PATIENCE = 30.0
"""Seconds that a place may take to answer."""
WAITS = (1.0, 2.0, 4.0)
"""Seconds before each further try of what may go through later."""
BUSY = (errno.EBUSY, getattr(errno, "EREMOTEIO", errno.EIO), errno.EPIPE, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ETIMEDOUT)
CUT = {"ConnectionError", "TimeoutError", "EOFError", "SSHException", "ClientConnectionError", "NoValidConnectionsError", "TransportError"}
FAR = {*CUT, "HTTPClientError", "gaierror", "ClientError"}
DENIED = {"PermissionError", "AuthenticationException"}
NOBODY = {"NoCredentialsError", "PartialCredentialsError", "DefaultCredentialsError", "ProfileNotFound"}
"""Names of errors, ours and the packages', which are not imported for them: the line is cut, nobody is reached, nobody is let in."""
ACCESS = {
    "s3fs": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile in ~/.aws; they must let us list, put and delete.",
    "gcsfs": "GOOGLE_APPLICATION_CREDENTIALS, or: gcloud auth application-default login.",
    "fsspec": "Look at who may write there.",
    "paramiko": "A key in ~/.ssh or its agent, or sftp://USER:PASSWORD@HOST/FOLDER.",
}
"""Package -> how it is let in."""
SECRET = re.compile(r"key|secret|token|pass|sas|connection|credential", re.IGNORECASE)


class Place:
    """A folder elsewhere, by its URL: each question is asked a few times, and what goes wrong is told without credentials."""

    def __init__(self, url: str, options: Mapping[str, Any], folder: Path) -> None:
        self.url = url
        self.kind = url.partition("://")[0] if "://" in url else "file"
        self.name = shown(url)
        self.options = {**defaults(self.kind), **options}
        self.fs: Any = None
        self.root = ""
        self.ask("let us in", lambda fs: None)
        self.root = self.path_of(folder)

    def path_of(self, folder: Path) -> str:
        """Where the folder lies within its kind of place. Raises UsageError for nowhere, or for the folder that is uploaded."""
        root = str(self.fs._strip_protocol(self.url)).rstrip("/")
        if self.kind in OBJECTS and not root.strip("/"):
            raise UsageError(f"“{self.name}” names no bucket.", f"For example: {self.kind}://our-bucket/news")
        if getattr(self.fs, "local_file", False) and Path(root).resolve().is_relative_to(folder.resolve()):
            raise UsageError(f"“{self.name}” lies in the folder that is to be uploaded.", "Choose a place outside of it.")
        return root

    def connected(self) -> Any:
        """The file system, a new one after a failure."""
        if self.fs is None:
            import fsspec

            if self.kind in ("sftp", "ssh"):
                self.fs = knowing(self.url, self.options)
            else:
                self.fs, _ = fsspec.url_to_fs(self.url, skip_instance_cache=True, **self.options)
        return self.fs

    def close(self) -> None:
        """Hang up, where there is a line of our own."""
        if self.kind in ("sftp", "ssh") and self.fs is not None:
            self.fs.client.close()

    def ask(self, what: str, call: Callable[[Any], T]) -> T:
        """What it answers, after a few tries where a later one may go through. Raises PublishError."""
        for wait in (*WAITS, None):
            try:
                return call(self.connected())
            except Exception as error:
                if wait is None or not transient(error):
                    raise self.refused(what, error) from error
            self.fs = None
            time.sleep(wait)
        raise AssertionError("the last try returns or raises")

    def path(self, name: str) -> str:
        """The path of a file, or of the folder for an empty name."""
        return f"{self.root}/{name}" if name else self.root or "/"

    def look(self, names: Iterable[str]) -> dict[str, There]:
        """What is in all folders in which these names are: one question a folder. Raises PublishError."""
        folders = {name.rpartition("/")[0] for name in names if ".." not in name.split("/")}
        found: dict[str, There] = {}
        for folder in sorted({"", *folders}):
            for each in self.ask("show what is there", partial(listed, path=self.path(folder))):
                if each.get("type") == "file":
                    found[(f"{folder}/" if folder else "") + str(each["name"]).rpartition("/")[2]] = seen_there(each)
        return found

    def ready(self) -> None:
        """Make the folder, where there are folders, but not what it lies in: a disk that is not there is no folder to be made."""
        if self.kind in DISKS:
            parent = self.root.rpartition("/")[0] or "/"
            if not self.ask("show what is there", lambda fs: fs.exists(parent)):
                raise PublishError(f"There is no folder for {self.name} to lie in.", "Make it, or look whether its disk is there.")
        if self.kind not in OBJECTS:
            self.ask("make the folder", lambda fs: fs.makedirs(self.root or "/", exist_ok=True))

    def sweep(self, there: Mapping[str, There], token: str) -> None:
        """Remove what a run of ours was killed over."""
        for name in there:
            if name.rpartition("/")[2].startswith(".") and name.endswith(f".{token}.part"):
                self.remove(name)

    def put(self, piece: Piece, md5: bytes, token: str, tell: Callable[..., None]) -> There | None:
        """Send a file, and look at what has arrived; None where that is something else. Raises PublishError."""
        from fsspec.callbacks import Callback

        final = self.path(piece.name)
        parent, _, last = final.rpartition("/")
        temporary = final if self.kind in OBJECTS else f"{parent}/.{last}.{token}.part"

        def go(fs: Any) -> Any:
            if temporary == final:
                fs.put_file(str(piece.path), final, callback=Callback(hooks={"bytes": tell}), **headers(self.kind, piece, md5))
            else:
                fs.makedirs(parent, exist_ok=True)
                fs.put_file(str(piece.path), temporary, callback=Callback(hooks={"bytes": tell}))
                fs.invalidate_cache()
                if fs.info(temporary)["size"] != piece.size:
                    return None
                rename(fs, temporary, final)
            fs.invalidate_cache()
            return fs.info(final)

        def went(fs: Any) -> Any:
            try:
                return go(fs)
            except Exception as error:
                if spoilt(error):
                    return None
                raise

        info = self.ask(f"take {piece.name}", went)
        if info is None or info["size"] != piece.size or self.altered(final, info, md5):
            return None
        return seen_there(info)

    def altered(self, path: str, info: Mapping[str, Any], md5: bytes) -> bool:
        """Whether S3 has another MD5 than was sent; a key of the customer's or of KMS makes the ETag another number (S3: Object)."""
        etag = str(info.get("ETag", "")).strip('"')
        if not re.fullmatch("[0-9a-f]{32}", etag) or etag == md5.hex():
            return False
        bucket, _, key = path.partition("/")
        head = self.ask("show a file", lambda fs: fs.call_s3("head_object", Bucket=bucket, Key=key))
        return not (str(head.get("ServerSideEncryption", "")).startswith("aws:kms") or head.get("SSECustomerAlgorithm"))

    def remove(self, name: str) -> None:
        """Remove a file; one that is gone already is no error. Raises PublishError."""

        def go(fs: Any) -> None:
            with contextlib.suppress(FileNotFoundError):
                fs.rm_file(self.path(name))

        self.ask(f"remove {name}", go)

    def refused(self, what: str, error: Exception) -> PublishError:
        """What went wrong, and what to do."""
        names = {each.__name__ for each in type(error).__mro__}
        package = PACKAGES.get(self.kind, "fsspec")
        if isinstance(error, ImportError):
            missing = "fsspec" if error.name == "fsspec" else package
            if missing == "fsspec" and error.name != "fsspec":
                return PublishError(f"Uploading to {self.name} needs what is not installed.", f"{self.clean(error)}.")
            extra = {"fsspec": "bulletin[upload]", "s3fs": "bulletin[s3]"}.get(missing, missing)
            return PublishError(f"Uploading to {self.name} needs {missing}, which is not installed.", f'pip install "{extra}"')
        if isinstance(error, ValueError) and "rotocol" in str(error):
            return PublishError(
                f"“{self.kind}://” is no kind of place that is known.", "For example: s3://our-bucket/news, sftp://host/folder"
            )
        if "known_hosts" in str(error) or "BadHostKeyException" in names:
            return PublishError(
                f"{self.name} is not known to be the server that it says it is.", "Log in there by hand once, and compare its key: ssh HOST"
            )
        if names & NOBODY:
            return PublishError(f"There are no credentials for {self.name}.", f"{ACCESS.get(package, '')} Nothing was uploaded.".strip())
        if names & DENIED or "Forbidden" in str(error) or getattr(error, "code", None) in (401, 403):
            return PublishError(f"{self.name} refuses to {what}: access denied.", f"{ACCESS.get(package, '')} {KEPT}".strip())
        if isinstance(error, FileNotFoundError):
            lacking = f"bucket “{self.root.partition('/')[0]}”" if self.kind in OBJECTS else f"folder {self.name}"
            return PublishError(f"There is no {lacking}.", "Make it, or correct its name.")
        if getattr(error, "errno", None) in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
            return PublishError(f"{self.name} is full: it does not {what}.", f"Make room there. {KEPT}")
        if getattr(error, "errno", None) == errno.EBUSY:
            return PublishError(f"{self.name} is busy, and does not {what}: {self.clean(error)}.", f"Try again in a while. {KEPT}")
        if names & FAR or getattr(error, "errno", None) in BUSY:
            return PublishError(f"{self.name} cannot be reached: {self.clean(error)}.", f"Look at the network and the address. {KEPT}")
        return PublishError(f"{self.name} does not {what}: {self.clean(error)}.", KEPT)

    def clean(self, error: Exception) -> str:
        """What an error says, in one line and without anything that lets somebody in."""
        text = re.sub(r"^\[Errno -?\d+\] ", "", " ".join(str(error).split())) or type(error).__name__
        password = urlsplit(self.url).password or ""
        told = {password, unquote(password), *hidden(self.options)}
        for each in sorted(filter(None, told), key=len, reverse=True):
            text = text.replace(each, "•••")
        return re.sub(r"(\w+://)[^/\s@]*@", r"\1", text)[:300].rstrip(".")


def hidden(options: Mapping[str, Any], secret: bool = False) -> Iterator[str]:
    """What must not be told of a place's options, at whatever depth."""
    for key, value in options.items():
        if isinstance(value, Mapping):
            yield from hidden(value, secret or bool(SECRET.search(key)))
        elif isinstance(value, str) and (secret or SECRET.search(key)):
            yield value


def defaults(kind: str) -> dict[str, Any]:
    """Options of fsspec's for a kind of place, so that nothing waits for ever."""
    if kind in ("s3", "s3a"):
        return {"config_kwargs": {"connect_timeout": PATIENCE / 3, "read_timeout": PATIENCE, "retries": {"max_attempts": 1}}}
    if kind in ("sftp", "ssh"):
        return {"timeout": PATIENCE, "banner_timeout": PATIENCE, "auth_timeout": PATIENCE}
    return {}


def knowing(url: str, options: Mapping[str, Any]) -> Any:
    """SFTP to a server whose key is known to this machine; fsspec's own takes every key, and would give it the password."""
    import paramiko
    from fsspec.implementations.sftp import SFTPFileSystem

    class Known(SFTPFileSystem):  # type: ignore[misc]  # it ships no types
        def _connect(self) -> None:
            self.client = paramiko.SSHClient()
            self.client.load_system_host_keys()
            self.client.connect(self.host, **self.ssh_kwargs)
            self.ftp = self.client.open_sftp()
            self.ftp.get_channel().settimeout(PATIENCE)

    return Known(**{**Known._get_kwargs_from_urls(url), **options}, skip_instance_cache=True)


def headers(kind: str, piece: Piece, md5: bytes) -> dict[str, Any]:
    """What a service is told with a file: its type, for how long it may be kept, and the sum by which it refuses another."""
    cache = BRIEF if piece.rank >= PAGE else ASKING
    if kind in ("s3", "s3a"):
        return {"ContentType": piece.type, "CacheControl": cache, "ContentMD5": base64.b64encode(md5).decode(), "max_concurrency": 2}
    if kind in ("gs", "gcs"):
        return {"content_type": piece.type, "fixed_key_metadata": {"cache_control": cache}, "consistency": "md5"}
    return {}


def listed(fs: Any, path: str) -> list[dict[str, Any]]:
    """What is in a folder; nothing where there is none, which for a bucket means nothing, but for S3's word that it is missing."""
    fs.invalidate_cache()
    try:
        found: list[dict[str, Any]] = fs.ls(path, detail=True)
        return found
    except FileNotFoundError as error:
        if error.__cause__ is not None:
            raise
        return []


def seen_there(info: Mapping[str, Any]) -> There:
    """A file as a service lists it."""
    mark = next((str(info[key]) for key in ("ETag", "generation", "etag", "mtime") if info.get(key)), "")
    return There(size=info["size"], mark=f"{info['size']} {mark}".replace('"', ""))


def rename(fs: Any, temporary: str, final: str) -> None:
    """Give a file its name, in place of what has it."""
    if getattr(fs, "local_file", False):
        Path(temporary).replace(final)  # on Windows, fsspec's would copy
    else:
        fs.mv(temporary, final)


def transient(error: Exception) -> bool:
    """Whether the same may go through later."""
    names = {each.__name__ for each in type(error).__mro__}
    if names & {*DENIED, *NOBODY, "BadHostKeyException"} or "known_hosts" in str(error):
        return False
    return bool(names & CUT) or getattr(error, "errno", None) in BUSY


def spoilt(error: Exception) -> bool:
    """Whether a service says that a file has arrived as another than was sent."""
    response = getattr(error.__cause__, "response", None) or {}
    return response.get("Error", {}).get("Code") == "BadDigest" or type(error).__name__ == "ChecksumError"


def shown(url: str) -> str:
    """A URL without what lets somebody in. Raises UsageError for one of which that cannot be told."""
    kind, mark, rest = url.partition("://")
    if not mark:
        return url
    host, slash, path = rest.partition("?")[0].partition("/")
    if kind != "file" and kind not in OBJECTS and "@" not in host and re.search(r":(?!\d*$)", host):
        raise UsageError("The password in the URL has characters that must be written otherwise.", "As in %2F for /, %40 for @, %3A for :")
    return f"{kind}://" + f"{host.rpartition('@')[2]}{slash}{path}".rstrip("/")
