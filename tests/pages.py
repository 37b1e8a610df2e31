"""A page as a person without eyes for layout reads it: its elements, its buttons by the names they are announced with,
and its forms with everything they would send. Enough of a browser for tests that need none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
UNREAD = frozenset({"svg", "script", "style", "template"})
Attributes = dict[str, str]


@dataclass
class Element:
    """One element of a page; texts are strings among its children."""

    tag: str
    attributes: Attributes = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)
    parent: Element | None = None

    def __getitem__(self, name: str) -> str:
        """An attribute that must be there."""
        assert name in self.attributes, f"<{self.tag}> has no {name}: {sorted(self.attributes)}"
        return self.attributes[name]

    def get(self, name: str) -> str:
        """An attribute, empty where there is none."""
        return self.attributes.get(name, "")

    def all(self, tag: str = "", **attributes: str) -> list[Element]:
        """Every element inside with this tag and these attributes, in order; what lies in a template is not there yet."""
        found = [element for element in self._inside() if tag in ("", element.tag)]
        for name, value in attributes.items():
            wanted = name.rstrip("_").replace("_", "-")
            found = [element for element in found if element.attributes.get(wanted) == value]
        return found

    def one(self, tag: str = "", **attributes: str) -> Element:
        """The only one of these."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} times <{tag or '*'} {attributes}>"
        return found[0]

    def has(self, tag: str = "", **attributes: str) -> bool:
        """Whether there is one."""
        return bool(self.all(tag, **attributes))

    @property
    def text(self) -> str:
        """What is read of it, on one line."""
        return " ".join(" ".join(self._read()).split())

    @property
    def name(self) -> str:
        """The name it is announced with."""
        return self.get("aria-label") or self.text

    def is_in(self, tag: str) -> bool:
        """Whether it lies in an element of this tag."""
        return self.parent is not None and (self.parent.tag == tag or self.parent.is_in(tag))

    def around(self, tag: str) -> Element:
        """The nearest element of this tag around it."""
        assert self.parent is not None, f"no <{tag}> around"
        return self.parent if self.parent.tag == tag else self.parent.around(tag)

    def _inside(self) -> Iterator[Element]:
        waiting = self.children[::-1]
        while waiting:
            child = waiting.pop()
            if isinstance(child, Element):
                yield child
                if child.tag != "template":
                    waiting += child.children[::-1]

    def _read(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in UNREAD and child.get("aria-hidden") != "true":
                yield from child._read()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.top = self.here = Element("")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, parent=self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.children.append(Element(tag, {name: value or "" for name, value in attrs}, parent=self.here))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.here.tag == tag, f"</{tag}> closes <{self.here.tag}>"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


def read(html: str) -> Element:
    """A page, or a part of one. Fails where elements are not closed properly."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.here is reader.top, f"<{reader.here.tag}> is not closed"
    return reader.top


def buttons(page: Element, *, in_dialogs: bool = False) -> list[Element]:
    """What can be pressed; what lies in a dialog is there only once it was opened."""
    return [b for b in page.all("button") if in_dialogs or not b.is_in("dialog")]


def named(page: Element, name: str, *, in_dialogs: bool = False) -> list[Element]:
    """The buttons that are announced with this name."""
    return [button for button in buttons(page, in_dialogs=in_dialogs) if button.name == name]


def is_enabled(button: Element) -> bool:
    """Whether it can be pressed."""
    return "disabled" not in button.attributes


def sent_by(form: Element) -> dict[str, str]:
    """What a form sends as it stands."""
    found: dict[str, str] = {}
    for control in form.all():
        name = control.get("name")
        if not name or control.tag == "button":
            continue
        if control.tag == "input" and control.get("type") in ("radio", "checkbox"):
            if "checked" in control.attributes:
                found[name] = control["value"]
        elif control.tag == "select":
            options = control.all("option")
            chosen = [o for o in options if "selected" in o.attributes] or options[:1]
            found |= dict.fromkeys([name] if chosen else [], "".join(option.get("value") for option in chosen))
        elif control.tag == "textarea":
            found[name] = "".join(c for c in control.children if isinstance(c, str)).removeprefix("\n")
        elif control.tag == "input":
            found[name] = control.get("value")
    return found


def label_of(page: Element, control: Element) -> str:
    """The label of a field: the one that points at it, else the one around it."""
    for label in page.all("label"):
        if control.get("id") and label.get("for") == control.get("id"):
            return label.text
    return control.around("label").text if control.is_in("label") else ""


def without_tokens(html: str) -> str:
    """A page without what is new each time it is opened: the tokens of its forms."""
    return re.sub(r'(name="csrf_token"[^>]* value=")[^"]*', r"\1", html)
