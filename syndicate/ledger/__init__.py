"""The ids and dates under which readers know posts. They must never be deleted."""
