"""Everything `tocsin demo` runs on one machine beside Tocsin itself."""
