"""Jekyll: its settings, defaults and kramdown."""
