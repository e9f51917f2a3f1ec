"""A further process that voices: a take as a line of JSON in, its clip in the store and a line of JSON out. It ends with its input."""

from __future__ import annotations

import json
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
    """Voice until the input ends; `{}` is the answer to what cannot be voiced here."""
    folder, limit = sys.argv[1:]
    with Store(Path(folder), int(limit)) as store:
        for line in sys.stdin:
            print(json.dumps(answer(line, store)), flush=True)  # noqa: T201  # it is what we are asked for


def answer(line: str, store: Store) -> dict[str, Any]:
    """The clip of one take, or the error."""
    try:
        told = json.loads(line)
        take = Take(**{**told, "voice": Voice(**told["voice"])})
        engine = engines.load(take.voice.engine)

        def speak(take: Take) -> Speech:
            return engine.speak(take.text, take.voice, rate=take.rate)

        path, facts = asked(lambda: record(take, speak, store), Manners())
    except EngineError as error:
        return {"error": {"message": error.message, "hint": error.hint, "transient": error.transient, "lost": error.lost}}
    except BulletinError:
        return {}
    return {"path": str(path), "facts": facts}


if __name__ == "__main__":
    main()
