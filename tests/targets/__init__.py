"""The directory of targets, and what is imported into it."""
