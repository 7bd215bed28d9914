"""Turn the body of a post into clean HTML with absolute addresses, and into an excerpt."""
