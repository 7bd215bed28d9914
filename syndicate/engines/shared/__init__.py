"""Rules and readers that several engines share."""
