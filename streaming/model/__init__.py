"""Values that every part shares: items, states, profiles, errors. They know nothing of how media is played."""
