"""The ways out: one file per kind of line."""
