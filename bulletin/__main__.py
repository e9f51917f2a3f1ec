"""`python -m bulletin`."""

from bulletin.cli.main import main

main()
