"""Bringing a list of targets into the directory, from a file that somebody else wrote."""
