"""Two rulebooks held beside one another: the parts of which their difference is made."""
