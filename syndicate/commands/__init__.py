"""The commands that are more than one call, a module each; `cli.py` puts them together."""
