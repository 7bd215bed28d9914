"""Characters, addresses and names: pure functions of text."""
