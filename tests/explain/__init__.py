"""What alone decides, and what would alter the route."""
