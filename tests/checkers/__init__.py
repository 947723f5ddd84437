"""Programs by others that judge our pages, in versions that are written down."""
