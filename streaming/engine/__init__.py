"""The engine: reconciles actual with desired state, and writes down what is on air."""
