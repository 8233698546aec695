"""The forms of the pages about duties."""
