"""Pelican: its settings, forms of headers and slugs."""
