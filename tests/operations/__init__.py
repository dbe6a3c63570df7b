"""What those who run the service see of it: logs, figures, limits; and that nobody is in them."""
