"""Hugo: its settings, content folders, dates and addresses."""
