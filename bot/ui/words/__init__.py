"""What people read, a module for each topic."""
