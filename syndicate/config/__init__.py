"""config.toml: read, checked whole, and given as plain data."""
