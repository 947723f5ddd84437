"""Google’s Lighthouse on the campaign page; its packages are listed here, and fetched once."""
