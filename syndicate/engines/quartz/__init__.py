"""Quartz: vaults of Obsidian, and which notes stay private."""
