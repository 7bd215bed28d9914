"""Parsing of feeds, our own or other programs', into ReadFeed."""
