"""A folder of posts to Posts: discover, read headers, dates and fields."""
