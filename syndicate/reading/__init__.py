"""Feeds that somebody else wrote, or that we published: bytes -> ReadFeed."""
