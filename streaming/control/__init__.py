"""What commands call: wishes written down, and what is known of streams and targets."""
