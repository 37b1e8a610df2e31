"""Consent: what of a case leaves the room, in which words, for whom and how long."""
