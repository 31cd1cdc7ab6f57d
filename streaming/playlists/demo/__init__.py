"""The built-in demo: clips drawn here, behind URLs that expire like a platform's."""
