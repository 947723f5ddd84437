"""Tests of the readers: who can open the records of who took part."""
