"""Asking a colleague: questions to the organisation, with a name or without, and what colleagues answer."""
