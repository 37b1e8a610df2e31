"""What a meeting can be: methods as data. Pure; it knows no database and no web page."""
