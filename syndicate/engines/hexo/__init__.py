"""Hexo: its settings, slugs and permalinks."""
