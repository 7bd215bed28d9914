"""Eleventy: its settings, data and slug filters."""
