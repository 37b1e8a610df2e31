"""What leaves a meeting for its own group: the session report, in every format."""
