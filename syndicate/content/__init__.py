"""A body to clean HTML with absolute addresses, and its excerpt."""
