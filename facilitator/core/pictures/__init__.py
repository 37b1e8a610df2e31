"""The two pictures that carry a meeting: the line of its phases and the circle of its people.

Pure: no Flask, no database. They say what stands where; the templates `partials/line.html` and
`partials/circle.html` draw it.
"""

from facilitator.core.pictures.circles import CirclePicture, Person, circle
from facilitator.core.pictures.lettering import Size
from facilitator.core.pictures.lines import LinePicture, Stop, line

__all__ = ["CirclePicture", "LinePicture", "Person", "Size", "Stop", "circle", "line"]
