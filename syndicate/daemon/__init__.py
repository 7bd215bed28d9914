"""Long-running service: builds on schedule and on change, publishes, and reports its health."""
