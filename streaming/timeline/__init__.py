"""Items on one timeline: spliced, written into the program, and read from it."""
