"""HTTP server for feed readers and browsers, over the output folder."""
