"""Who our mail says it is: addresses that prove themselves, signatures, what the DNS says."""
