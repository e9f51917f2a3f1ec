"""bulletin: news articles in, a radio bulletin out.

from bulletin import make

report = make("article.txt", station="station.toml")
print(report.files[0], report.programme.duration)
for problem in report.problems:
print(problem.message, problem.hint)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bulletin.produce import draft, explain, make, plan, read, say, voices

__all__ = ["draft", "explain", "make", "plan", "read", "say", "voices"]


def __getattr__(name: str) -> Any:
    """Import the public functions when they are first asked for, so that `bulletin --help` stays quick."""
    if name == "__version__":
        from importlib.metadata import version

        return version("bulletin")
    if name in __all__:
        from bulletin import produce

        return getattr(produce, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
