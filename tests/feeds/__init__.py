"""Test the package that turns posts into feed files."""
