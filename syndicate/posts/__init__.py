"""Find the posts of a blog, and parse their headers, dates and fields."""
