"""What concerns one person, on one page: their reports, proof, annexes, consent and actions, by account or personal link."""
