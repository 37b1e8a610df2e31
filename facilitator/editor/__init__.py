"""Where a moderator makes a method their own: copies, changes, looks at it as it will be, and takes it into use."""
