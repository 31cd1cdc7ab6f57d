"""What people see in Discord: cards, modals, and every word in them."""
