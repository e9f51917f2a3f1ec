"""gTTS: about seventy languages, each sentence over the network to Google Translate's voice."""

from __future__ import annotations

import io
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from bulletin.errors import EngineError
from bulletin.model import Speech, Voice

TIMEOUT = (5.0, 20.0)
"""Seconds to connect, seconds to wait for the next bytes."""
OFFLINE = "Check the network. Offline, hibari:heart speaks English, and Piper has voices for forty languages (bulletin[piper])."


class Engine:
    """Online. Its own splitting at 100 characters is never reached: what comes in is shorter."""

    max_chars: int | None = 100
    online = True
    at_once: int | None = 4
    paced = False
    alphabet = ""

    def __init__(self) -> None:
        self.version = version("gTTS")

    def voices(self) -> Sequence[Voice]:
        """One voice a language, from the table that gTTS carries."""
        from gtts.lang import tts_langs

        return [
            Voice(engine="gtts", id=code, language=code, note=f"{name}, sent to Google Translate", online=True)
            for code, name in tts_langs().items()
        ]

    def voice(self, id: str) -> Voice | None:
        """None: all its voices are listed."""
        return None

    def cannot_say(self, text: str) -> str:
        """Nothing is known of what the service passes over."""
        return ""

    def inline(self, word: str, phonemes: str) -> str:
        """It takes letters alone."""
        return word

    def speak(self, text: str, voice: Voice, *, rate: float = 1.0) -> Speech:
        """One MP3. Raises EngineError for no network, a refusal, or an answer without sound (which gTTS passes over)."""
        from gtts import gTTS, gTTSError

        try:
            with io.BytesIO() as sound:
                gTTS(text, lang=voice.id, slow=rate < 0.75, lang_check=False, timeout=TIMEOUT).write_to_fp(sound)
                encoded = sound.getvalue()
        except gTTSError as error:
            raise refused(error, text) from error
        except (AssertionError, TypeError, ValueError, OSError) as error:
            raise EngineError(f"gTTS cannot speak “{text[:60]}”: {error}.", "Change the words.") from error
        if not encoded:
            raise EngineError(f"gTTS gave no sound for “{text[:60]}”.", "Try again, or change the words.", transient=True)
        return Speech(encoded=encoded)


def refused(error: Any, text: str) -> EngineError:
    """Our error for gTTS's: what happened, and whether trying again may help."""
    answer = getattr(error, "rsp", None)
    status = getattr(answer, "status_code", None)
    if status is None:
        return EngineError("gTTS could not reach Google Translate.", OFFLINE, lost=True)
    if status == 429:
        return EngineError(
            "Google Translate answers 429: too many requests from here.", "Wait an hour. " + OFFLINE, transient=True, lost=True
        )
    return EngineError(f"Google Translate answered {status} for “{text[:60]}”.", OFFLINE, transient=status >= 500 or status == 200)
