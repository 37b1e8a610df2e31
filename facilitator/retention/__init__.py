"""How long things are kept, erasing them when their time is over, and what a person or an organisation may take along."""
