"""What answers: the server, what stands before the application, and what every answer carries."""
