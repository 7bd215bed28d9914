"""What must never be deleted: which post readers know by which id."""
