"""The verbs of the live meeting. Each owns one transaction, asks the rules, and returns only what is committed."""
