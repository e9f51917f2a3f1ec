"""A further process that voices: a take as a line of JSON in, its clip in the store and a line of JSON out. It ends with its input."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from bulletin import engines
from bulletin.errors import BulletinError, EngineError
from bulletin.manners import Manners, asked
from bulletin.model import Speech, Take, Voice
from bulletin.store import Store
from bulletin.takes import record


def main() -> None:
    """Voice until the input ends. Each answer has its take's key, and nothing more where it cannot be voiced here."""
    folder, limit = sys.argv[1:]
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out, Store(Path(folder), int(limit)) as store:
        os.dup2(2, 1)  # what a library prints is no answer
        for line in sys.stdin:
            out.write(json.dumps(answer(line, store)) + "\n")
            out.flush()


def answer(line: str, store: Store) -> dict[str, Any]:
    """The clip of one take, or the error."""
    told = json.loads(line)
    try:
        take = Take(**{**told, "voice": Voice(**told["voice"])})
        engine = engines.load(take.voice.engine)

        def speak(take: Take) -> Speech:
            return engine.speak(take.text, take.voice, rate=take.rate)

        path, facts = asked(lambda: record(take, speak, store), Manners())
    except EngineError as error:
        return {"key": take.key, "error": {"message": error.message, "hint": error.hint, "transient": error.transient, "lost": error.lost}}
    except BulletinError:
        return {"key": take.key}
    return {"key": take.key, "path": str(path), "facts": facts}


if __name__ == "__main__":
    main()
