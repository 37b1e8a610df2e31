"""Groups that meet more than once: their name, their members, and the number of each session."""
