"""Feed files to where readers fetch them."""
