"""Every refusal in words: what happened, what was kept and what to do. Nobody is shown a code."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import LazyString, lazy_gettext

from facilitator.core.times import lasting_later
from facilitator.meetings.actions.doors import PAIRING_LASTS
from facilitator.meetings.machine import LAST_MINUTES

_ = lazy_gettext

SENTENCES: dict[str, LazyString] = {
    "moved_already": _("Something was pressed just before you, so nothing was changed. Look where the meeting is now."),
    "not_planned": _("This meeting is open already."),
    "planned_already": _("These meetings are planned already. Change them on their own pages, or begin a new series."),
    "opened_already": _("This meeting is open already, so its plan cannot be changed any more."),
    "not_in_lobby": _("The meeting has started already."),
    "well_begun": _("The group is at work already. Nothing was changed."),
    "begun_already": _("The meeting has begun. Write your case on your phone when the group chooses."),
    "offered_already": _("That changed meanwhile, so nothing was stored. Look at what you offer now."),
    "not_running": _("The meeting is not running now."),
    "not_open_yet": _("This meeting is not open yet. Try again when the code is on the screen."),
    "last_step": _("This is the last phase. You can end the meeting."),
    "first_step": _("This is the first phase."),
    "paused_already": _("The meeting is paused already."),
    "not_paused": _("The meeting is running already."),
    "bad_extension": _("Choose between one minute and one hour."),
    "nothing_hidden": _("There is nothing to reveal now."),
    "too_few_texts": _(
        "There are too few answers to show them without names. Wait until more people have answered, or go on without."
    ),
    "no_round": _("There is no round of turns in this phase."),
    "no_next_speaker": _("Everybody has had a turn."),
    "no_next_item": _("Everything on the list has been talked about."),
    "closing_began": _("The closing has begun, so there is no room for another case in this meeting."),
    "no_role_now": _("Roles are not given now."),
    "no_choice": _("That phase cannot be taken any more."),
    "no_case": _("There is no case to change in this phase."),
    "nothing_ahead": _(
        "There is nothing left to share out: only the last %(time)s are ahead.",
        time=lasting_later(timedelta(seconds=LAST_MINUTES)),
    ),
    "not_ended": _("This meeting has not ended."),
    "reopen_too_late": _("A meeting can be reopened for one hour. That hour is over."),
    "no_such_move": _("That is not possible here."),
    "no_tables": _("This method is not held at several tables. Work at one table."),
    "further_cases": _(
        "This meeting has more than one case planned, and those are worked on by everybody together. Work at one table, or plan the other case as a meeting of its own."
    ),
    "too_few_for_tables": _("There are too few people for two tables. Work at one table."),
    "table_too_small": _("Then too few people are left at that table. Choose somebody there to change places with."),
    "at_work_already": _("The group is at work already, so people cannot be divided any more."),
    "not_at_a_table": _("That is for the whole meeting, not for one table."),
    "no_such_method": _("We cannot find this method, or it is not one for a case. Choose another one."),
    "no_such_meeting": _("We cannot find this meeting."),
    "another_group": _("A meeting of a group is continued in that group. Choose the same group, or a new start."),
    "no_such_group": _("We cannot find this group. Choose another one."),
    "not_a_member": _("Choose somebody who is in the group of this meeting now."),
    "under_pseudonym": _("This meeting uses pseudonyms. Whoever has a phone says there who they are, if they want to."),
    "no_such_seat": _("We cannot find this person in the meeting."),
    "no_such_item": _("This text is not there any more."),
    "no_such_step": _("We cannot find this phase in the meeting. Your text is still on your phone."),
    "no_such_wall": _(
        "We do not know this code. Look at the big screen again: a code works for %(time)s.",
        time=lasting_later(PAIRING_LASTS),
    ),
    "no_such_handover": _("This link does not work. Ask the moderator for a new code."),
    "handover_over": _("This link was used already or is too old. Ask the moderator for a new code."),
    "erased": _("The texts of this meeting have been erased."),
    "unreadable": _(
        "The texts of this meeting cannot be read: something is damaged where they are kept. Whoever runs this server can"
        " look into it. What you typed is kept."
    ),
    "not_moderator": _("Only the moderator can do this."),
    "no_seat": _(
        "This browser does not have your seat in this meeting (any more). Come in again with the code; the moderator can give you your seat"
        " back. What you typed is still here."
    ),
    "seat_elsewhere": _(
        "This browser does not have your seat in this meeting (any more). Come in again with the code; the moderator can give you your seat"
        " back."
    ),
    "not_let_in": _("The moderator has not let you in yet."),
    "expelled": _("You do not take part in this meeting any more. What you typed is still on your phone."),
    "disconnected": _("This screen was disconnected from the meeting. Open /wall to connect it again."),
    "taken_out": _("You were taken out of the meeting. Ask the moderator to take you back in."),
    "joined_outside": _("One of the two was taken out of the meeting. Take them back in first."),
    "joined_lead": _("One of the two leads this meeting, so they are not the same person's. Hand over the lead first."),
    "joined_accounts": _("Each of the two is connected with an account of its own, so they are two people."),
    "left": _("You have left this meeting. Come back first, then send it again."),
    "not_yours": _("This is not yours to fill in now. What you typed is still here."),
    "not_theirs": _("Nothing more can be written for this person now. What you typed is still here."),
    "other_agreement": _("There is another version of the agreement by now. Read that one on the page of the group."),
    "looks_back_now": _("Your group meets now. Say it there, when you look back together."),
    "told_already": _("Whose action it is has said how it went."),
    "not_note_taker": _("You cannot write for others now. The moderator chooses who takes notes."),
    "step_over": _("This phase is over. What you typed is still here."),
    "enough_written": _("You have sent everything you may send here. What you typed is still here."),
    "revealed_already": _(
        "This text has been shown to the group already, so it cannot be changed. Your text is still here."
    ),
    "op_reused": _("This was sent before with another text. What you typed is still here; send it again."),
    "no_op": _("This page is out of date. Load it again; what you typed is kept."),
    "bad_choice": _("Choose one of the answers."),
    "too_long": _("This is too much text. Make it shorter; what you typed is still here."),
    "no_name": _("Type a name."),
    "name_taken": _(
        "Somebody in this meeting has this name already, perhaps somebody who left. Add a letter to it, as in “Anna B.”"
    ),
    "no_marks_left": _("You have used all your choices. Tap one off first."),
    "not_markable": _("You cannot choose this now."),
    "has_buddy": _("There is a buddy already."),
    "leads_already": _("Whoever leads the meeting cannot have that role. Hand over the lead first."),
    "leads_now": _("Whoever leads the meeting cannot have another role at the same time."),
    "case_told": _("This case was told, so it stays with whoever gave it. For somebody else, add another case."),
    "says_it_themselves": _("Whoever this is about can say so themselves."),
    "has_a_phone": _("Whoever has a phone uses that."),
    "code_in_the_room": _("A personal code is made in the room, while the meeting is on."),
    "case_given": _("Somebody has that role already. The moderator can change that on their own device."),
    "gives_case": _("You have another role now, so you cannot lead the meeting at the same time."),
    "signals_often": _("The moderator has your sign. Wait a minute before you give another one, or say it aloud."),
    "leads_to_themselves": _("You lead this meeting, so there is nobody to give a sign to."),
    "ended": _("This meeting has ended."),
    "locked": _("The moderator has closed the door of this meeting. Ask them to open it."),
    "full": _("This meeting is full. Ask the moderator to make room."),
    "not_agreed": _("Tick the box first: what is said here stays here."),
    "wrong_code": _("There is no meeting with this code. Look at the screen again: eight letters and digits."),
    "token": _("This page is out of date. It is being refreshed; what you typed is kept."),
    "busy": _("It is very busy. What you typed is kept; try again in a moment."),
    "moment": _("One moment."),
    "no_cookies": _(
        "This browser keeps no cookies, so it cannot be a room screen. Allow cookies for this address, then load the page again."
    ),
}

DONE: dict[str, LazyString] = {
    "taken_down": _("Written down."),
    "role_is_free": _("Somebody has one role at a time and keeps the earlier one. Nobody is the %(role)s now."),
    "late": _("This phase is over. Your text is kept. The moderator can still add it."),
}


def sentence(code: str) -> str:
    """The sentence for a refusal, in the language of whoever reads it."""
    return str(SENTENCES.get(code) or SENTENCES["no_such_move"])
