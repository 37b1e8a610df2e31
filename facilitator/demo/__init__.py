"""A believable organisation to look around in: groups, finished meetings, reports in every state, and cards.

Promises: everything is made by the verbs people use, so what the example shows is what the product does; only the clock is
turned back afterwards. Its words are in `cards/` and `words/`, in Dutch and in English.
"""
