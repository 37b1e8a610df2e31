"""What a template asks for is there: every name in each call that renders it, every argument of a macro, every attribute. What is
missed here fails when it is rendered: nothing that does not exist is shown as nothing.
"""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import wtforms
from flask import Flask
from jinja2 import UndefinedError, meta, nodes
from jinja2.runtime import LoopContext

import facilitator
from facilitator import create_app
from facilitator.core.config import Settings
from facilitator.meetings import screens
from facilitator.methods.vocabulary import Kind

PRODUCT = Path(facilitator.__file__).parent
TEMPLATES = PRODUCT / "templates"
# What templates ask of values that are not ours: of texts, lists, days, forms and fields, of a loop and of what `groupby` gives.
LIBRARIES = (str, list, dict, dt.datetime, wtforms.Form, wtforms.Field, LoopContext)
OF_LIBRARIES = {"BABEL_DEFAULT_TIMEZONE", "args", "form_errors", "grouper", "list", "short_name"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(Settings.load(tmp_path_factory.mktemp("templates"), {}).kept())


@pytest.fixture(scope="module")
def trees(app: Flask) -> dict[str, nodes.Template]:
    """Every template, by name."""
    paths = [path for path in TEMPLATES.rglob("*.*") if path.suffix in (".html", ".txt")]
    found = {str(path.relative_to(TEMPLATES)): app.jinja_env.parse(path.read_text()) for path in paths}
    assert len(found) > 100
    return found


def test_what_is_not_there_is_an_error_wherever_it_is_asked_for(app: Flask) -> None:
    for text in (
        "{{ odd }}",
        "{% if odd %}{% endif %}",
        "{% if not request.odd %}{% endif %}",
        "{% for a in odd %}{% endfor %}",
    ):
        with app.test_request_context(), pytest.raises(UndefinedError):
            app.jinja_env.from_string(text).render()


def test_whoever_renders_a_template_gives_it_every_name(app: Flask, trees: dict[str, nodes.Template]) -> None:
    with app.test_request_context():
        given: dict[str, object] = {}
        app.update_template_context(given)
    known = {*app.jinja_env.globals, *given}
    calls = list(rendered(trees))
    assert len(calls) > 60
    missing = [
        (where, name, lacking) for where, name, words in calls if (lacking := asked(name, trees) - words - known)
    ]
    assert missing == []


def test_whoever_calls_a_macro_gives_it_every_argument(trees: dict[str, nodes.Template]) -> None:
    macros = {(name, macro.name): macro for name, tree in trees.items() for macro in tree.find_all(nodes.Macro)}
    missing, calls = [], 0
    for name, tree in trees.items():
        known = {**{key: (name, key) for key in own_macros(tree)}, **imported(tree)}
        for call in tree.find_all(nodes.Call):
            macro = macros.get(known.get(call.node.name, ("", ""))) if isinstance(call.node, nodes.Name) else None
            if macro is None or is_of_an_argument(call, tree):
                continue
            calls += 1
            wanted = [argument.name for argument in macro.args[len(call.args) :]]
            wanted = wanted[: max(0, len(macro.args) - len(macro.defaults) - len(call.args))]
            missing += [
                (name, call.lineno, macro.name, one) for one in set(wanted) - {word.key for word in call.kwargs}
            ]
    assert calls > 500
    assert missing == []


def test_every_attribute_is_one_of_something(trees: dict[str, nodes.Template]) -> None:
    known = {*defined(), *OF_LIBRARIES, *(name for one in LIBRARIES for name in dir(one))}
    pairs = [pair.key for tree in trees.values() for pair in tree.find_all(nodes.Pair)]
    known |= {key.value for key in pairs if isinstance(key, nodes.Const)}
    asked_for = {
        (name, found.lineno, found.attr) for name, tree in trees.items() for found in tree.find_all(nodes.Getattr)
    }
    assert len(asked_for) > 1000
    assert {found for found in asked_for if found[2] not in known} == set()


def test_the_first_of_what_may_be_nothing_is_none(trees: dict[str, nodes.Template]) -> None:
    filters = [(name, one) for name, tree in trees.items() for one in tree.find_all(nodes.Filter)]
    safe = [one.node for _name, one in filters if one.name == "default"]
    picked = [(name, one) for name, one in filters if one.name in ("first", "last", "random")]
    assert picked
    assert [(name, one.lineno) for name, one in picked if one not in safe] == []


def rendered(trees: dict[str, nodes.Template]) -> Iterator[tuple[str, str, set[str]]]:
    """Every call that names a template: where, which, and the names it gives. One that gives more than it writes down is left out."""
    for path in PRODUCT.rglob("*.py"):
        for call in (found for found in ast.walk(ast.parse(path.read_text())) if isinstance(found, ast.Call)):
            names = [a.value for a in call.args if isinstance(a, ast.Constant) and a.value in trees]
            words = {keyword.arg for keyword in call.keywords}
            if None not in words:
                # A page of accounts is given its form by the function that draws it, a part of a screen its screen.
                ours = (
                    {"form"} if isinstance(call.func, ast.Name) and call.func.id in ("page", "refuse") else {"screen"}
                )
                yield from (
                    (f"{path.name}:{call.lineno}", str(name), {str(word) for word in words} | ours) for name in names
                )


def asked(name: str, trees: dict[str, nodes.Template], on_the_way: tuple[str, ...] = ()) -> set[str]:
    """The names that a template, and what it is made of, needs from whoever renders it."""
    tree = trees[name]
    found = set(meta.find_undeclared_variables(tree))
    parts: list[nodes.Extends | nodes.Include] = [*tree.find_all(nodes.Extends), *tree.find_all(nodes.Include)]
    for part in parts:
        if isinstance(part.template, nodes.Const) and part.template.value not in (name, *on_the_way):
            found |= asked(part.template.value, trees, (*on_the_way, name))
    ours = {one.name for one in tree.find_all(nodes.Name) if one.ctx in ("store", "param")}
    looked_at = [one.node for one in tree.find_all(nodes.Test) if one.name == "defined"]
    looked_at += [one.node for one in tree.find_all(nodes.Filter) if one.name == "default" and one.node]
    return (
        found
        - ours
        - own_macros(tree)
        - set(imported(tree))
        - {one.name for one in looked_at if isinstance(one, nodes.Name)}
    )


def own_macros(tree: nodes.Template) -> set[str]:
    """What a template defines."""
    return {macro.name for macro in tree.find_all(nodes.Macro)}


def imported(tree: nodes.Template) -> dict[str, tuple[str, str]]:
    """What a template takes from others: its name here, the template, and its name there."""
    found = {}
    for line in tree.find_all(nodes.FromImport):
        source = line.template
        for name in line.names if isinstance(source, nodes.Const) else ():
            there, here = name if isinstance(name, tuple) else (name, name)
            found[here] = (str(getattr(source, "value", "")), there)
    return found


def is_of_an_argument(call: nodes.Call, tree: nodes.Template) -> bool:
    """Whether it calls what the macro around it was given: `field()` draws a field."""
    around = (macro for macro in tree.find_all(nodes.Macro) if call in macro.find_all(nodes.Call))
    return any(argument.name == getattr(call.node, "name", "") for macro in around for argument in macro.args)


@cache
def defined() -> frozenset[str]:
    """Every name that a class of the product has, or that is set somewhere."""
    found = set()
    for path in PRODUCT.rglob("*.py"):
        for one in ast.walk(ast.parse(path.read_text())):
            if isinstance(one, ast.FunctionDef):
                found.add(one.name)
            elif isinstance(one, ast.Name | ast.Attribute) and isinstance(one.ctx, ast.Store):
                found.add(one.id if isinstance(one, ast.Name) else one.attr)
    return frozenset(found)


def test_every_kind_of_phase_has_screens_and_a_file_of_its_own_is_found_by_its_name(
    trees: dict[str, nodes.Template],
) -> None:
    own = {Path(name).stem for name in trees if re.match(r"meetings/phases/[a-z]", name)}
    assert own
    assert own < set(Kind)
    used = {kind: screens.phase_file(kind) for kind in (*Kind, "lobby")}
    assert {kind for kind, name in used.items() if Path(name).stem == kind} == own
    for name in used.values():
        macros = {macro.name: [a.name for a in macro.args] for macro in trees[name].find_all(nodes.Macro)}
        assert macros.items() >= {"wall": ["screen"], "phone": ["screen"], "console": ["screen"]}.items()
