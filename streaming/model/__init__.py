"""Values shared by all packages: items, states, profiles, errors."""
