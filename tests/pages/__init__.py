"""The pages that people see, their style sheets, and how browsers find the feeds."""
