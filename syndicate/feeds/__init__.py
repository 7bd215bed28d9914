"""Turn posts into feed files: plan the feeds, write the entries, assemble the bytes."""
