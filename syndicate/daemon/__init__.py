"""What runs beside a blog for months: builds on time, publishes, and tells of itself."""
