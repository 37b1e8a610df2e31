"""What the documents say is true: links lead somewhere, pictures load, commands, targets and files exist."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po

from facilitator.cli import commands

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "facilitator"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
SETTING = re.compile(r"FACILITATOR_[A-Z][A-Z_]*[A-Z]")
TARGET = re.compile(r"\bmake ([a-z]+)\b")
COMMAND = re.compile(r"(?:\.venv/bin/)?facilitator ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)")
CODE = re.compile(r"```[^\n]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
# Written in halves, so that this file does not name them either.
REGISTRIES = [
    "registry." + "npmjs",
    "files." + "pythonhosted",
    "pypi" + ".org",
    "registry." + "yarnpkg",
    "--index" + "-url=",
    "--index" + "-url http",
    "proxy." + "golang",
    "devpi" + ".",
    "artifactory" + ".",
]


def shown_code(document: Path) -> list[str]:
    """Every piece of code in a document, in blocks and in lines."""
    return [block or inline for block, inline in CODE.findall(document.read_text(encoding="utf-8"))]


def anchor(heading: str) -> str:
    """The anchor a heading gets where documents are read."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(document: Path) -> set[str]:
    """Every anchor of a document."""
    return {anchor(line) for line in re.findall(r"^#+ (.*)$", document.read_text(encoding="utf-8"), re.MULTILINE)}


def committed() -> list[Path]:
    """The files that are committed or could be; of a copy without history every file that is not built."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    names = [ROOT / name for name in listed.stdout.split("\0") if name]
    built = {".venv", "node_modules", ".make", ".git", "instance", "dist"}
    everything = (path for path in ROOT.rglob("*") if not built & set(path.relative_to(ROOT).parts))
    return [path for path in names or everything if path.is_file()]


def by_name(document: Path) -> str:
    return str(document.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_links_lead_somewhere(document: Path) -> None:
    broken = []
    for link in LINK.findall(document.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, fragment = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (fragment and fragment not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_pictures_are_there_have_words_and_load_quickly(document: Path) -> None:
    for words, path in PICTURE.findall(document.read_text(encoding="utf-8")):
        assert len(words) > 20, f"{path} needs a text that says what is on it"
        assert (document.parent / path).stat().st_size <= 300_000, path


def test_every_make_target_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = {name for document in DOCUMENTS for code in shown_code(document) for name in TARGET.findall(code)}
    assert {"run", "test"} <= named
    assert named - targets == set()


def test_every_command_that_is_named_exists() -> None:
    assert isinstance(commands, click.Group)
    named = {words for document in DOCUMENTS for code in shown_code(document) for words in COMMAND.findall(code)}
    assert {"run", "user create", "methods check"} <= named
    assert {words for words in named if not is_command(words)} == set()


def is_command(words: str) -> bool:
    """Whether words are a command, perhaps with an argument behind it."""
    first, _, second = words.partition(" ")
    found = commands.commands.get(first)
    return found is not None and (not second or not isinstance(found, click.Group) or second in found.commands)


def test_no_document_names_a_setting_that_does_not_exist() -> None:
    known = set(SETTING.findall((ROOT / "docs/hosting.md").read_text("utf-8")))
    named = {name for document in DOCUMENTS for name in SETTING.findall(document.read_text("utf-8"))}
    assert named - known == set()


def test_every_file_and_function_of_the_code_that_a_guide_names_exists() -> None:
    """Guides for contributors name files by their path; those have to be found."""
    missing = []
    for document in (ROOT / "README.md", ROOT / "docs/architecture.md", ROOT / "docs/contributing.md"):
        for code in shown_code(document):
            for path in re.findall(r"^(?:facilitator|tests|scripts|docs|migrations|templates)/[\w./]+$", code.strip()):
                homes = (ROOT, ROOT / "facilitator", ROOT / "facilitator/meetings")
                if not any((home / path).exists() for home in homes):
                    missing.append(f"{by_name(document)}: {path}")
    assert missing == []


def test_the_root_of_the_package_holds_rooms_and_few_modules() -> None:
    modules = [path.name for path in PACKAGE.glob("*.py")]
    assert {"__init__.py", "__main__.py", "app.py", "cli.py"} <= set(modules)
    assert len(modules) <= 8


def test_the_plan_of_the_house_names_the_rooms_that_are_there() -> None:
    plan = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    table = table_of(plan, "room")
    named = re.findall(r"^\| `(\w+)/` \| \S.+ \|$", table, re.MULTILINE)
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert len(named) == len(table.splitlines())
    assert sorted(named) == sorted(rooms)
    drawn = plan.split("```mermaid\n")[1].split("```")[0]
    assert {room for room in rooms if not re.search(rf"\b{room}\b", drawn)} == {"demo", "migrations"}


def test_the_layout_in_the_readme_names_every_room() -> None:
    layout = (ROOT / "README.md").read_text(encoding="utf-8").split("## Layout of the code")[1].split("```")[1]
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert {room for room in rooms if f"  {room}/  " not in layout} == set()


def test_the_plan_of_the_foundation_names_what_is_there() -> None:
    plan = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"`(\w+)/?`", table_of(plan, "in `core/`"))
    there = [path.stem for path in (PACKAGE / "core").glob("[!_]*.py")]
    there += [path.parent.name for path in (PACKAGE / "core").glob("*/__init__.py")]
    assert sorted(named) == sorted(there)


def table_of(plan: str, heading: str) -> str:
    """The rows of a table, known by what its first column is called."""
    return re.split(rf"^\| {re.escape(heading)} \| [^|\n]+ \|\n\|---\|---\|\n", plan, flags=re.MULTILINE)[1].split(
        "\n\n"
    )[0]


def test_every_name_of_the_code_in_the_glossary_exists() -> None:
    rows = re.findall(
        r"^\| ([^|\n]+) \| ([^|\n]+) \| ([^|\n]+) \|$", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE
    )
    told = [code for dutch, _english, code in rows if dutch != "Dutch"]
    named = {name for code in told for name in re.findall(r"`([^`]+)`", code)}
    assert len(told) > 40
    assert [code for code in told if "`" not in code] == []
    assert {name for name in named if not is_in_code(name)} == set()


def is_in_code(name: str) -> bool:
    """Whether something is called so: a room, a member of a class, or anything with a name of its own."""
    if name.endswith("/"):
        return (PACKAGE / name / "__init__.py").exists()
    return name in names_in_code()


@cache
def names_in_code() -> set[str]:
    """Modules, packages, classes with their members, functions, what is given to them or assigned, and words of the vocabulary."""
    found: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        found |= {path.stem, path.parent.name}
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= assigned(tree)
        for node in ast.walk(tree):
            match node:
                case ast.ClassDef(name=name):
                    found |= {name, *(f"{name}.{member}" for member in assigned(node))}
                case ast.FunctionDef(name=name) | ast.arg(arg=name) | ast.Constant(value=str(name)):
                    found.add(name)
    return found


def assigned(place: ast.AST) -> set[str]:
    """What is given a value anywhere in a module or a class."""
    stored = (node for node in ast.walk(place) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    return {node.id for node in stored}


@pytest.mark.parametrize("name", sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py")))
def test_a_room_says_what_it_is_for(name: str) -> None:
    assert ast.get_docstring(ast.parse((PACKAGE / name / "__init__.py").read_text(encoding="utf-8")))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_moderators_guide_tells_every_phase_of_the_default_method(language: str) -> None:
    from facilitator.methods.loader import load_catalogue

    guide = (ROOT / f"docs/moderator-guide.{language}.md").read_text(encoding="utf-8")
    method = load_catalogue()["basis"]
    assert [p.key for p in method.phases if f"**{p.text(language).title}**" not in guide] == []
    assert "!" not in re.sub(r"!\[", "", guide)


@pytest.mark.parametrize(
    ("guide", "language", "heading"),
    [
        ("moderator", "nl", "Als iets niet werkt"),
        ("moderator", "en", "When something does not work"),
        ("moderator", "nl", "Je eerste bijeenkomst"),
        ("moderator", "en", "Your first meeting"),
        *((guide, language, "") for guide in ("member", "organiser") for language in ("nl", "en")),
    ],
)
def test_guides_speak_of_what_is_on_the_screens(guide: str, language: str, heading: str) -> None:
    with (PACKAGE / "translations/nl/LC_MESSAGES/messages.po").open("rb") as file:
        texts = [str(text.string if language == "nl" else text.id) for text in read_po(file) if text.id]
    on_screens = [re.compile(".+".join(map(re.escape, re.split(r"%\([a-z]+\)[sd]", text)))) for text in texts]
    quoted = re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", part_of_guide(language, heading, guide))
    assert len(quoted) > (20 if heading else 5)
    spoken = {"Basic consultation", "Basismethode", "have you tried", "heb je al eens"}
    unknown = [words for words in quoted if not any(text.startswith(words) for text in texts) and words not in spoken]
    assert [words for words in unknown if not any(text.fullmatch(words) for text in on_screens)] == []


def part_of_guide(language: str, heading: str, guide: str = "moderator") -> str:
    """What a guide says under a heading, or all of it."""
    text = (ROOT / f"docs/{guide}-guide.{language}.md").read_text(encoding="utf-8")
    return re.split(r"\n##? ", text.partition(f"## {heading}\n")[2])[0] if heading else text


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(("guide", "most"), [("member", 540), ("organiser", 560)])
def test_whoever_takes_part_or_organises_reads_one_page(guide: str, most: int, language: str) -> None:
    assert 300 < len(part_of_guide(language, "", guide).split()) < most


@pytest.mark.parametrize(("language", "heading"), [("nl", "Je eerste bijeenkomst"), ("en", "Your first meeting")])
def test_a_first_meeting_is_read_in_ten_minutes_and_seen_in_small_pictures(language: str, heading: str) -> None:
    """Whoever reads slowly manages 180 words a minute."""
    part = part_of_guide(language, heading)
    assert 600 < len(part.split()) < 1800
    pictures = re.findall(r"!\[([^\]]+)\]\((\S+)\)", part)
    assert len(pictures) >= 4
    for said, path in pictures:
        assert len(said) > 20, "what is in it, for whoever does not see it"
        assert (ROOT / "docs" / path).stat().st_size < 60_000


def test_no_committed_file_names_a_registry() -> None:
    files = committed()
    assert ROOT / "README.md" in files
    named = []
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        named += [f"{by_name(path)}: {word}" for word in REGISTRIES if word in text]
    assert named == []


def test_lock_files_name_no_address_to_download_from() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text, path.name
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(encoding="utf-8")


def test_where_to_report_a_hole_is_found_and_made_up_nowhere() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "(SECURITY.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "@" not in text, "an address that nobody reads"
