"""Nikola: its settings and its own kind of links."""
