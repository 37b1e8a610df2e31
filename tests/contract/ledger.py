"""A second reading of who may see what: a ledger of everything that was written, and what a method's `reveals` make of it.

It shares no code with the product's own reading: only the words of the vocabulary, and what the test itself did.
"""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import dataclass, field

from facilitator.methods.vocabulary import Audience, Facet, Form, InputField, Method, Phase, Who

MARK = "canaryqzx"
AROUND = " é <b>&\"'/\\ %"
CORE = re.compile(MARK + r"[0-9a-f]{10}")


def encodings(text: str) -> tuple[str, ...]:
    """The ways in which a text could be carried without standing there as it is: backwards, as hex, in base64 wherever in
    a longer text it stands. Escapes of HTML, JSON and addresses leave letters and digits as they are.
    """
    inside = [
        base64.b64encode(b"x" * shift + text.encode())[4 if shift else 0 : (shift + len(text)) // 3 * 4].decode()
        for shift in (0, 1, 2)
    ]
    return (text[::-1], text.encode().hex(), *inside)


CARRIED = re.compile("|".join(re.escape(found) for found in encodings(MARK)), re.IGNORECASE)


@dataclass
class Secret:
    """One field of one text, with a word in it that occurs nowhere else."""

    core: str
    author: str
    phase: str
    form: Form | None = None
    is_private: bool = False
    is_noted: bool = False
    item_id: str = ""
    is_revealed: bool = False
    is_kept: bool = False
    is_late: bool = False
    is_removed: bool = False
    is_starred: bool = False
    warmth: str = ""
    is_on_table: bool = False
    is_carried: bool = False
    is_question: bool = False

    @property
    def text(self) -> str:
        """What is typed: the word, and what tempts an encoder."""
        return self.core + AROUND


@dataclass
class Ledger:
    """Everything that was written in a meeting of one method, and where the meeting is."""

    method: Method
    secrets: list[Secret] = field(default_factory=list)
    phase: Phase | None = None
    is_step_revealed: bool = False
    case_giver: str = ""

    def new(self, author: str, phase: str, form: Form | None = None, input_field: InputField | None = None) -> Secret:
        """A word that occurs nowhere else."""
        private = input_field is not None and input_field.is_private
        made = Secret(MARK + secrets.token_hex(5), author, phase, form, private)
        self.secrets.append(made)
        return made

    def audience(self, name: str, role: str) -> Audience | None:
        """Whose eyes these are in the step at hand; None for those who are not in the room."""
        if role in ("moderator", "wall"):
            return Audience(role)
        if role != "participant":
            return None
        return Audience.CASE_GIVER if name == self.case_giver and self._has_case else Audience.PEER

    def allowed(self, name: str, role: str) -> set[str]:
        """The words that may reach somebody now."""
        audience = self.audience(name, role)
        if audience is None or self.phase is None:
            return set()
        return {secret.core for secret in self.secrets if self._may_see(secret, name, audience, self.phase)}

    def facets(self, audience: Audience, *, is_revealed: bool) -> frozenset[Facet]:
        """What the phase at hand names for an audience."""
        assert self.phase is not None
        found = self.phase.reveals.get(audience)
        if found is None:
            return frozenset()
        return found.before | found.after if is_revealed else found.before

    def of_phase(self, key: str) -> list[Secret]:
        """What was written in a phase."""
        return [secret for secret in self.secrets if secret.phase == key]

    @property
    def _has_case(self) -> bool:
        """Whether the case has begun: before its round nobody gives one, unless they were named beforehand."""
        return bool(self.case_giver)

    def _may_see(self, secret: Secret, name: str, audience: Audience, phase: Phase) -> bool:
        now = self.facets(audience, is_revealed=self.is_step_revealed)
        if secret.is_noted:  # in their own notes: on their own page, whatever the phase, and nowhere else
            return secret.author == name
        if secret.is_removed:
            return False
        if secret.phase == phase.key and secret.author == name and Facet.OWN in now:
            return True
        if secret.is_private or secret.is_kept or secret.is_late:
            return False
        if secret.is_question and (Facet.QUESTION in now or self._starts_with("case_question", audience, phase)):
            return True
        if secret.is_carried:
            return Facet.ACTIONS in now
        return secret.is_revealed and self._may_see_revealed(secret, audience, phase)

    def _may_see_revealed(self, secret: Secret, audience: Audience, phase: Phase) -> bool:
        """What came out goes to those whom the phase at hand, or the one it was written in, shows it."""
        is_here = secret.phase == phase.key
        seen = self.facets(audience, is_revealed=is_here or self.is_step_revealed)
        if secret.is_starred and self._starts_with("starred", audience, phase):
            return True
        if secret.form is not None and secret.form.makes_action:
            return is_here and Facet.ACTIONS in seen
        if Facet.EARLIER in self.facets(audience, is_revealed=self.is_step_revealed):
            lying = (phase.model_copy(update={"shows": lies, "marks": None}) for lies in phase.on_table)
            if any(self.is_taken_up(secret, one) for one in lying):
                return True
        if not is_here and not self.is_taken_up(secret, phase):
            return False
        return any(
            (
                Facet.ITEMS in seen,
                Facet.CURRENT in seen and secret.is_on_table,
                Facet.CHOSEN in seen and secret.is_starred,
            )
        )

    def is_taken_up(self, secret: Secret, phase: Phase) -> bool:
        """Whether a phase puts a text of an earlier one on the table."""
        lies = phase.shows
        if lies is None or secret.phase != lies.of:
            return phase.marks is not None and phase.marks.on == secret.phase
        is_asked = lies.form is None or (secret.form is not None and secret.form.key == lies.form)
        states = {secret.warmth, "chosen" if secret.is_starred else ""}
        return is_asked and (not lies.only or not states.isdisjoint(lies.only))

    def _starts_with(self, source: str, audience: Audience, phase: Phase) -> bool:
        """Whether somebody has a form before them that is filled with this beforehand; the moderator may take it down."""
        return any(
            field.starts_as == source and (audience is Audience.MODERATOR or writes(form, audience))
            for form in phase.forms
            for field in form.fields
        )


def writes(form: Form, audience: Audience) -> bool:
    """Whether an audience fills in a form."""
    if form.who is Who.EVERYONE:
        return audience in (Audience.CASE_GIVER, Audience.PEER)
    return form.who.value == {Audience.CASE_GIVER: "case_giver", Audience.PEER: "peers"}.get(audience)


def found_in(heard: list[str]) -> set[str]:
    """The words of the ledger that stand in what somebody was sent."""
    return {core for text in heard for core in CORE.findall(text)}


def carried_in(heard: list[str]) -> list[str]:
    """Where a word of the ledger hides in another form."""
    return [text[max(0, m.start() - 40) : m.end() + 40] for text in heard for m in CARRIED.finditer(text)]
