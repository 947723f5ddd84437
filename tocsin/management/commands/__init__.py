"""One module per word."""
