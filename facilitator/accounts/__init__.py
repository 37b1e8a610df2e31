"""Organisations, their people, and how people sign in. Every question asked here is asked within one organisation."""
