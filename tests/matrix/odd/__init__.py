"""The kinds of odd items, family by family."""
