"""Posts to feed files: which feeds there are, what each carries, and their bytes."""
