"""Every error, one class a step: a message that says what happened to what, and a hint that says what to do."""

from __future__ import annotations

OFFLINE = "Who could step in: bulletin voices --language CODE, then --fallback NAME."
"""The hint wherever a voice on the network fails."""


class BulletinError(Exception):
    """The only error the command line catches."""

    exit_code = 1
    """What the shell sees when nothing could be published."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(BulletinError):
    """What was asked for cannot be, whatever the sources are."""

    exit_code = 2


class StationError(BulletinError):
    """station.toml or a flag asks for something that cannot be."""

    exit_code = 2


class ReadError(BulletinError):
    """A source gave no article."""


class ScriptError(BulletinError):
    """A script file cannot be understood."""


class SlotError(BulletinError):
    """A bulletin cannot be made to last as long as was asked."""


class LexiconError(BulletinError):
    """A lexicon cannot be read, or an entry of it cannot be said."""


class VoiceError(BulletinError):
    """No such voice, or it is not installed."""

    exit_code = 2


class EngineError(BulletinError):
    """A voice failed to speak.

    `transient` is True where the same call may go through later: a time-out, a server that is busy.
    `lost` is True where the voice itself is lost, not these words alone: nobody need ask it again in this run.
    `after` is for how many seconds a server asks to be left alone (RFC 9110, Retry-After); None where it does not say.
    `missing` are the sentences that are not said for it, where nothing was.
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        transient: bool = False,
        lost: bool = False,
        after: float | None = None,
        missing: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message, hint)
        self.transient = transient
        self.lost = lost
        self.after = after
        self.missing = missing


class InstallError(BulletinError):
    """A voice cannot be fetched, or put in its place.

    `transient` is True where the same request may go through later; `after` is for how many seconds the server asks to be left alone.
    """

    def __init__(self, message: str, hint: str = "", *, transient: bool = False, after: float | None = None) -> None:
        super().__init__(message, hint)
        self.transient = transient
        self.after = after


class SoundError(BulletinError):
    """A sound of the station's cannot be decoded."""

    exit_code = 2


class StoreError(BulletinError):
    """The store of clips cannot be used."""


class PublishError(BulletinError):
    """A finished bulletin cannot be written."""


class SigningError(PublishError):
    """A file cannot be signed with these credentials, or those that it bears cannot be read."""


class CheckError(BulletinError):
    """What was given to be checked cannot be read at all."""
