"""Layers: what of a paper is switched off when it is opened. What is drawn there was never seen, and is not kept."""

from __future__ import annotations

from pikepdf import Array, Dictionary, Object, Pdf

from facilitator.archive.files.anew.paper.values import items, part

DEEPEST = 16


class Layers:
    """The layers of a document, as its default view shows them."""

    def __init__(self, source: Pdf) -> None:
        shown = part(part(source.Root, "/OCProperties"), "/D")
        self._starts_off = str(part(shown, "/BaseState")) == "/OFF"
        exceptions = items(part(shown, "/ON" if self._starts_off else "/OFF"))
        self._exceptions = {one.objgen for one in exceptions if isinstance(one, Dictionary) and one.is_indirect}

    def is_hidden(self, group: object) -> bool:
        """Whether what belongs to a layer, or to some of them together, is not seen."""
        if not isinstance(group, Dictionary):
            return False
        if str(part(group, "/Type")) != "/OCMD":
            return not self._is_on(group)
        if isinstance(rule := part(group, "/VE"), Array):
            return not self._follows(rule)
        named = part(group, "/OCGs")
        groups = [one for one in (items(named) or [named]) if isinstance(one, Dictionary)]
        states = [self._is_on(one) for one in groups]
        return bool(states) and not _policy(str(part(group, "/P")), states)

    def _is_on(self, group: Object) -> bool:
        is_exception = group.is_indirect and group.objgen in self._exceptions
        return is_exception if self._starts_off else not is_exception

    def _follows(self, rule: object, depth: int = 0) -> bool:
        """What an expression of and, or and not comes to."""
        if isinstance(rule, Dictionary):
            return self._is_on(rule)
        how, *rest = items(rule) or [None]
        states = [self._follows(one, depth + 1) for one in rest] if depth < DEEPEST else []
        match str(how):
            case "/And":
                return all(states)
            case "/Not":
                return not any(states)
        return any(states)


def _policy(name: str, states: list[bool]) -> bool:
    match name:
        case "/AllOn":
            return all(states)
        case "/AnyOff":
            return not all(states)
        case "/AllOff":
            return not any(states)
    return any(states)
