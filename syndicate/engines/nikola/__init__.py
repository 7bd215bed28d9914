"""Nikola: its settings and its links."""
