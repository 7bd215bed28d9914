"""HTML for people: a page for each feed, the feeds' style sheet, and ``<link>`` lines.

Pages depend on plans, entries and the user's templates alone. They need no clock and no network.
"""
