"""Files on the disk: the only room that opens them."""
