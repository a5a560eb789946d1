"""What messages say. Never a name, a need or anybody's own words: a mail may be read over a shoulder."""

import re
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Kind:
    """The same words in the inbox and in the mail, for staff and for families."""

    subject: str
    what: str
    what_to_do: str
    by_when: str = "There is no deadline."

    @property
    def to_do_here(self) -> str:
        """For somebody who is signed in already: "Sign in to read it." is "Read it."."""
        return SIGNING_IN.sub(lambda found: found[1].upper(), self.what_to_do)

    def deadline(self, due_on: date | None) -> str:
        """The day, where there is one; or else how soon."""
        return f"Please do this by {due_on.day} {due_on:%B %Y}." if due_on else self.by_when


SIGNING_IN = re.compile(r"^Sign in(?:,| and| to) (\w)")
THIS_WEEK = "Please do this within a week."
TODAY = "Please do this today."
SOON = "Please do this as soon as you can."
NOTHING_TO_DO = "You do not need to do anything."

KINDS: dict[str, Kind] = {
    "plan_shared": Kind(
        "Something new about a support plan",
        "A support plan is ready for you to read.",
        "Sign in, read the plan and say if you agree with it.",
        THIS_WEEK,
    ),
    "plan_changes_asked": Kind(
        "A family would like a support plan to change",
        "A family has read a support plan and would like something to change.",
        "Sign in to read what they said, take the plan back and change it.",
        THIS_WEEK,
    ),
    "plan_agreed": Kind(
        "A support plan has been agreed",
        "A support plan has been agreed. The support in it can start.",
        "Sign in to read it.",
    ),
    "plan_ended": Kind(
        "A support plan has ended",
        "A support plan has ended. The school has written down why.",
        "Sign in to read it. If you have questions, ask the school.",
    ),
    "review_done": Kind(
        "A support plan has been reviewed",
        "People have looked at how a support plan is going, and written down what they found.",
        "Sign in to read the review.",
    ),
    "review_due": Kind(
        "A support plan is due for review",
        "It is nearly time to look at how a support plan is going.",
        "Sign in and plan the review.",
        SOON,
    ),
    "consent_asked": Kind(
        "We need your answer about sharing information",
        "The school would like to share some information, and asks you first.",
        "Sign in, read what would be shared and with whom, and say yes or no.",
        THIS_WEEK,
    ),
    "consent_answered": Kind(
        "Somebody has answered about sharing information",
        "You asked if information may be shared. There is an answer.",
        "Sign in to read the answer and take the next step.",
        SOON,
    ),
    "answer_written_down": Kind(
        "The school wrote down an answer in your name",
        "The school wrote down an answer in your name.",
        "Sign in and look at it, and change it if it is wrong.",
        SOON,
    ),
    "consent_withdrawn": Kind(
        "Somebody no longer agrees to share information",
        "An agreement to share information has been withdrawn. Nobody else can see that information now.",
        "Sign in to see what has stopped.",
        TODAY,
    ),
    "consent_expiring": Kind(
        "An agreement to share information runs out soon",
        "A family agreed to share information until a certain day. That day is near.",
        "Sign in and ask the family again if the information is still needed.",
        SOON,
    ),
    "lss_submitted": Kind(
        "A request for Locality SEND Support has been sent",
        "A school has asked the Locality SEND Support panel for help.",
        "Sign in to read the request.",
        THIS_WEEK,
    ),
    "lss_decided": Kind(
        "The panel has decided about a request",
        "The Locality SEND Support panel has looked at a request and decided.",
        "Sign in to read the decision and what happens next.",
        THIS_WEEK,
    ),
    "lss_question": Kind(
        "There is a question about a request",
        "The Locality SEND Support panel would like to know more about a request.",
        "Sign in to read the question and answer it.",
        THIS_WEEK,
    ),
    "meeting_called": Kind(
        "A panel meeting has been planned",
        "There is a date for a meeting of the Locality SEND Support panel.",
        "Sign in to see the day, the place and the agenda.",
        "Please read the papers before the meeting.",
    ),
    "referral_sent": Kind(
        "A specialist service has been asked for help",
        "The school has asked a specialist service for help.",
        "Sign in to see which service and what was sent.",
    ),
    "referral_answered": Kind(
        "A specialist service has answered",
        "There is an answer to a request for specialist help.",
        "Sign in to read the answer.",
        SOON,
    ),
    "link_ran_out": Kind(
        "A specialist service has not answered in time",
        "A link to a request for specialist help has run out, and nobody answered.",
        "Sign in, ask the service in another way or send a new link.",
        THIS_WEEK,
    ),
    "report_arrived": Kind(
        "A report has arrived",
        "A specialist service has sent a report.",
        "Sign in to read it.",
        THIS_WEEK,
    ),
    "view_given": Kind(
        "A family has written to the school",
        "Somebody at home has written down what they think.",
        "Sign in to read it.",
        THIS_WEEK,
    ),
    "document_shown": Kind(
        "There is a new document for you to read",
        "The school has shared a document with you.",
        "Sign in to open it.",
    ),
    "document_refused": Kind(
        "A document could not be accepted",
        "A file that you added did not pass our safety checks, so nobody can open it.",
        "Sign in to see why, and add it again in another form.",
        SOON,
    ),
    "safeguarding_note": Kind(
        "There is a new safeguarding note",
        "Somebody at your school has written a safeguarding note.",
        "Sign in and read it.",
        TODAY,
    ),
    "access_confirmed": Kind(
        "You can now see your child’s support online",
        "The school has checked who you are and opened the family pages for you.",
        "Sign in with this email address. We will send you a code each time.",
    ),
    "access_changed": Kind(
        "Somebody’s access to the family pages has changed",
        "Who may see a child’s family pages has changed, or a change is waiting for you to confirm it.",
        "Sign in to look at the change.",
        TODAY,
    ),
    "invitation": Kind(
        "There is news about an invitation",
        "Somebody who was invited to work here has answered, or the invitation has run out.",
        "Sign in to see who can do what.",
    ),
    "not_sent": Kind(
        "Something could not be sent",
        "A message from your organisation did not arrive. We tried several times.",
        "Sign in, look at your messages and tell the person in another way.",
        TODAY,
    ),
}
