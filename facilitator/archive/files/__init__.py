"""Files of cards: pictures of steps, videos with captions, presentations. Judged by what they are, not by what they are called."""
