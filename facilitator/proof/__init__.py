"""What shows that somebody took part: presence, certificates and overviews. Holds names, never content."""
