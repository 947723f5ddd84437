#!/usr/bin/env python
"""Django's own door to the same commands as `tocsin`."""

from tocsin.cli import main

if __name__ == "__main__":
    main()
