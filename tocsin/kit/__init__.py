"""The ground that knows no campaign: text, addresses, countries, states, keys."""
