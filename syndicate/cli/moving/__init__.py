"""Moving from another program's feeds: what made them, where they are, what ours must be like."""
