"""A form that shares its page with others."""

from __future__ import annotations

from facilitator.core.forms import Form as FormOfItsOwn


class Form(FormOfItsOwn):
    """A form of a page that has several: only the one that was sent reads what was sent."""

    def __init__(self, obj: object = None, *, is_sent: bool = True) -> None:
        if is_sent:
            super().__init__(obj)
        else:
            super().__init__(obj, formdata=None)
