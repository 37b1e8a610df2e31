"""What leaves a meeting for the rest of the organisation: knowledge cards, consent, search. Holds content, never names."""
