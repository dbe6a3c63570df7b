"""Sign-off of rulebooks."""
