"""A believable organisation to look around in: groups, finished meetings, reports in every state, and cards."""
