"""How Chinese sets off thousands, which Django leaves in one run."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
