"""When groups meet: series of meetings, invitations to them, who comes, and what stands in people's own calendars."""
