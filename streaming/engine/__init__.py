"""The engine: it makes what is so what is wanted, and writes down what is."""
