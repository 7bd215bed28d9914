"""Measurements: whole processes, taken in turn in one run. `make bench` runs them."""
