"""Tests of the room that turns posts into feed files."""
