"""HTTP for feed readers and people: the output folder, served as readers wish."""
