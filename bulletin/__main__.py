"""`python -m bulletin`, and the `bulletin` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; Ctrl-C is taken from the first moment on."""
    try:
        from bulletin.cli.main import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
