"""Delivery of feed files to targets, and notification of hubs."""
