"""Files that are kept between builds, and may be deleted, and tools for them."""
