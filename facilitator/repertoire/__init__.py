"""What an organisation can hold: the methods that come along, and those it made itself."""
