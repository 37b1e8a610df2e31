"""The organisation's own list of themes, and which of them a card is about."""
