"""What each screen shows: frozen pictures of a screen, made from a snapshot for one audience. Pure.

A screen holds only what may go out. Templates get a screen and nothing else, so what is not in here cannot leak.
"""

from facilitator.meetings.showing.console import ConsoleScreen, console_screen
from facilitator.meetings.showing.frame import Clock, clock_of
from facilitator.meetings.showing.phone import PhoneScreen, phone_screen
from facilitator.meetings.showing.wall import WallScreen, wall_screen

__all__ = [
    "Clock",
    "ConsoleScreen",
    "PhoneScreen",
    "WallScreen",
    "clock_of",
    "console_screen",
    "phone_screen",
    "wall_screen",
]
