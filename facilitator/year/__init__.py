"""A group's year: how it looks at itself, and what it did."""
