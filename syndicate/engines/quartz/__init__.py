"""Quartz: vaults of Obsidian and their private notes."""
