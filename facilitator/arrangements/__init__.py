"""What two or three people agree with each other: to be buddies, with a goal, a period and moments, and what they write each other."""
