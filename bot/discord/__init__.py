"""What every feature needs of Discord: responses, errors, permissions, messages, command registration."""
