"""The words people read, a module for each topic."""
