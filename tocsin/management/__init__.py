"""The words that the `tocsin` command understands beside `demo`."""
