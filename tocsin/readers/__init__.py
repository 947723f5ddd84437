"""Readers: those of an organisation who can open the records of who took part."""
