"""Functions and base classes that several engines share."""
