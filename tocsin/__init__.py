"""Tocsin: a campaign page, a letter made one's own, one button, a real e-mail."""

__version__ = "0.1.0"
