"""`python -m lodestock.cli`: the command line without its script."""

from lodestock.cli import main

main()
