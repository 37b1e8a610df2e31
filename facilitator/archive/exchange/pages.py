"""An export for people: each card as a page of Markdown with front matter, and a page that says what this is.

Promises: a text of somebody never becomes markup; the same archive gives the same pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import yaml
from flask_babel import force_locale
from flask_babel import gettext as _

from facilitator.archive.exchange.document import AnswerRecord, CardRecord, Document
from facilitator.archive.labels import form_name, method_name, outcome_name
from facilitator.core import languages
from facilitator.core.text import name_key
from facilitator.reports.markdown import line, lines

LONGEST_NAME = 60


def card_path(record: CardRecord) -> str:
    """Where the page of a card lies: told apart by its id, found by its title."""
    words = re.sub(r"[^a-z0-9]+", "-", name_key(record.content.title)).strip("-")[:LONGEST_NAME].strip("-")
    name = "-".join(part for part in (record.period.lower(), words, record.id) if part)
    return f"cards/{name}.md"


def card_page(record: CardRecord, organisation_id: str = "") -> str:
    """A card, its words in its own language as far as we speak it; `organisation_id` is whose methods it may be by."""
    with force_locale(languages.spoken_or(record.language, languages.FALLBACK)):
        front = yaml.safe_dump(_front(record, organisation_id), allow_unicode=True, sort_keys=False, width=1000)
        blocks = [f"# {line(record.content.title)}", *_parts(record), *_files(record), *_tried(record), *_talk(record)]
    return f"---\n{front}---\n\n" + "\n\n".join(blocks) + "\n"


def readme(document: Document, locale: str) -> str:
    """What is in the zip, for somebody who never heard of this product."""
    with force_locale(locale):
        title, paragraphs = _("Archive of knowledge cards"), _about(document)
        contents = [f"- [{line(record.content.title)}]({card_path(record)})" for record in document.cards]
        return "\n\n".join([f"# {title}", *paragraphs, "\n".join(contents)]).rstrip() + "\n"


def _about(document: Document) -> tuple[str, ...]:
    return (
        _("Every card is a page in the folder cards: Markdown, with what it is about on top. Any editor opens it."),
        _(
            "archive.json holds the same for programs. Facilitator reads that file, and the files it names, when the archive is imported again."
        ),
        _(
            "Cards hold no names of people they are about. Colleagues who asked or answered stand with their names. Cards for one group only are in here too: keep this file to yourself."
        ),
        _("Cards: %(cards)s. Themes: %(themes)s.", cards=len(document.cards), themes=len(document.themes)),
    )


def _front(record: CardRecord, organisation_id: str) -> dict[str, object]:
    front: dict[str, object] = {
        "id": record.id,
        "title": record.content.title,
        "language": record.language,
        "themes": list(record.themes),
        "form": form_name(record.form.value) or record.form.value,
        "method": method_name(record.method, organisation_id) or record.method,
        "period": record.period,
        "outcome": record.outcome,
        "for": record.group or record.for_whom,
        "published": record.published_on.isoformat(),
        "review": record.review_on.isoformat() if record.review_on else "",
    }
    return {key: value for key, value in front.items() if value}


def _parts(record: CardRecord) -> Iterator[str]:
    content = record.content
    yield from _part(_("Question"), [content.question])
    yield from _part(_("In short"), [content.summary])
    yield from _part(_("Situation"), [content.context])
    yield from _part(_("Tried before"), [content.tried])
    yield from _part(_("Insights"), content.insights)
    yield from _part(_("Advice chosen"), content.advice)
    yield from _part(_("Action"), [content.action])
    yield from _part(_("Steps"), [step.text for step in content.steps], is_numbered=True)
    yield from _part(_("When to use it"), [content.when_to_use])
    yield from _part(_("When not"), [content.when_not])
    yield from _part(_("Goes on as"), [form_name(content.related_form)])
    yield from _part(_("Link"), [content.link])
    yield from _part(_("How it went"), [outcome_name(record.outcome), content.outcome], is_list=False)


def _files(record: CardRecord) -> Iterator[str]:
    """Links to the files of a card; a picture of a step is named by what it shows."""
    if record.files:
        alts = {step.picture_id: step.alt or step.text for step in record.content.steps}
        yield f"## {_('Files')}"
        yield "\n".join(f"- [{line(alts.get(file.id) or file.path[6:])}](../{file.path})" for file in record.files)


def _part(title: str, texts: Iterable[str], *, is_numbered: bool = False, is_list: bool = True) -> Iterator[str]:
    said = [text for text in texts if text]
    if not said:
        return
    yield f"## {title}"
    if is_numbered:
        yield "\n".join(f"{number}. {lines(text, '   ')}" for number, text in enumerate(said, start=1))
    elif len(said) > 1 and is_list:
        yield "\n".join(f"- {lines(text, '  ')}" for text in said)
    else:
        yield "\n\n".join(lines(text) for text in said)


def _tried(record: CardRecord) -> Iterator[str]:
    if record.tried:
        yield f"## {_('Tried by colleagues')}"
        rows = [
            f"- **{outcome_name(one.verdict)}**" + (f": {lines(one.why, '  ')}" if one.why else "")
            for one in record.tried
        ]
        yield "\n".join(rows)


def _talk(record: CardRecord) -> Iterator[str]:
    if record.questions:
        yield f"## {_('Questions and answers')}"
    for question in record.questions:
        if question.is_withdrawn:
            yield f"*{_('This question was taken back.')}*"
        else:
            yield _remark(question)
        yield from (_quoted(_remark(answer)) for answer in question.answers)


def _remark(said: AnswerRecord) -> str:
    who = line(said.who) or _("A former colleague")
    return f"**{who}**, {said.written_on.isoformat()}:\\\n{lines(said.text)}"


def _quoted(text: str) -> str:
    return "\n".join(f"> {one}" for one in text.split("\n"))
