"""Groups that meet more than once: their name and the number of each session. Members and calendar belong here too."""
