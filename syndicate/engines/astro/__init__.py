"""Astro: its settings and content collections."""
