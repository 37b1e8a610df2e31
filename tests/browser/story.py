"""What is said in the meeting that the shots show and the whole-meeting test plays, in Dutch and in English.

Long words and a tenth participant are in it on purpose: what holds here holds in a usual meeting.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """One case, from the goal to what people take home."""

    goal: str
    title: str
    question: str
    other_title: str
    other_question: str
    questions: tuple[str, ...]
    advice_in_disguise: str
    hypotheses: tuple[str, ...]
    advice: tuple[str, ...]
    why: str
    when_if: str
    then: str
    learnings: tuple[str, ...]
    line: str


ENGLISH = Story(
    goal="Learn to guide a starter who says little",
    title="A starter who says nothing in the team",
    question="How do I keep a starter involved who says nothing?",
    other_title="Night shifts without a mentor",
    other_question="How can I help when I am not there?",
    questions=(
        "What happened just before he walked away?",
        "How did the team respond to that?",
        "What would you like to see him do?",
        "When does he speak?",
        "What did you do yourself, at that moment?",
    ),
    advice_in_disguise="Have you tried to talk to his manager?",
    hypotheses=(
        "I think it is about feeling safe enough to make mistakes.",
        "I think it is about who asks him what he thinks.",
        "I think it is about the speed of the work.",
        "I think it is about what you expect without saying so.",
    ),
    advice=(
        "Let him read out the plan in the first ten minutes of the shift. Then everybody hears his voice.",
        "Ask him what he wants to learn.",
        "Link him to Bob for two weeks.",
        "Say first what you find difficult yourself.",
    ),
    why="Because I can begin with it tomorrow.",
    when_if="the shift starts",
    then="I ask him to read out the plan",
    learnings=(
        "Silence is not the same as unwillingness.",
        "An open question takes longer, and brings more.",
        "I say sooner what I expect.",
        "I sit beside somebody instead of opposite.",
        "I count to ten before I help.",
    ),
    line="It was good to be heard.",
)

DUTCH = Story(
    goal="Leren hoe je een starter begeleidt die weinig zegt",
    title="Een starter die in de ploeg niets zegt",
    question="Hoe houd ik een starter erbij die in de ploeg niets zegt?",
    other_title="Nachtdiensten zonder werkplekbegeleider",
    other_question="Hoe kan ik helpen als ik er zelf niet ben?",
    questions=(
        "Wat gebeurde er vlak voordat hij wegliep?",
        "Hoe reageerde de ploeg daarop, en wat deed jij toen?",
        "Wat zou je graag anders zien in de arbeidsomstandighedenbijeenkomsten?",
        "Wanneer praat hij wel?",
        "Wat deed je zelf op dat moment?",
    ),
    advice_in_disguise="Heb je al eens met zijn leidinggevende gepraat?",
    hypotheses=(
        "Ik denk dat het gaat over je veilig genoeg voelen om fouten te maken.",
        "Ik denk dat het gaat over wie hem vraagt wat hij vindt.",
        "Ik denk dat het gaat over het tempo van het werk.",
        "Ik denk dat het gaat over wat je verwacht zonder het te zeggen.",
    ),
    advice=(
        "Laat hem de eerste tien minuten van de dienst de planning voorlezen. Dan hoort iedereen zijn stem.",
        "Vraag hem wat hij zelf wil leren.",
        "Koppel hem aan Bob voor twee weken.",
        "Zeg eerst zelf wat je spannend vindt aan de verantwoordelijkheidsverdeling.",
    ),
    why="Omdat ik er morgen mee kan beginnen.",
    when_if="de dienst begint",
    then="vraag ik hem om de planning voor te lezen",
    learnings=(
        "Stil zijn is niet hetzelfde als niet willen.",
        "Een open vraag duurt langer en levert meer op.",
        "Ik zeg eerder wat ik verwacht.",
        "Ik ga naast iemand zitten in plaats van ertegenover.",
        "Ik tel tot tien voor ik help.",
    ),
    line="Het was fijn om gehoord te worden.",
)

STORIES = {"en": ENGLISH, "nl": DUTCH}
