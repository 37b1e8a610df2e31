"""The live meeting: its course, its people, what they write, and what each screen may show of it."""
