"""What the school does next about an ask, from where it stands."""

from app.kernel import clock
from app.sharing.read import AskRead
from app.sharing.standing import State

DID = {State.REFUSED: "refused", State.WITHDRAWN: "withdrew consent"}


def steps_for(ask: AskRead) -> list[dict[str, str]]:
    """For the "What happens next" list of the page."""
    state = ask.standing.state
    if state is State.GIVEN:
        return [_may_share(ask)]
    if state is State.WAITING:
        return [{
            "what": "An adult with parental responsibility says yes or no",
            "who": "Asked: " + (", ".join(ask.waiting_for) or "nobody yet, check the contacts"),
            "when": "You are told the moment somebody answers",
        }]  # fmt: skip
    if state is State.EXPIRED:
        return [{"what": "The consent has run out", "who": "Ask again before you share anything more"}]
    steps = [
        {"what": "Nothing may be shared", "who": f"An adult with parental responsibility {DID[state]}"},
        {"what": f"Talk it through with the family. {ask.pupil.first_name} keeps all the help they get now",
         "who": "If they change their mind, record the new answer here, or ask again"},
    ]  # fmt: skip
    if state is State.REFUSED:
        steps.append({"what": "If something was sent before, decide if sharing has to stop",
                      "who": "You find it on the sharing page"})  # fmt: skip
    return steps


def _may_share(ask: AskRead) -> dict[str, str]:
    yes = ask.answer(ask.standing.consent_id) if ask.standing.consent_id else None
    until = f"{yes.expires_on.day} {yes.expires_on:%B %Y}" if yes else ""
    left = (yes.expires_on - clock.today()).days if yes else 0
    return {
        "what": f"You may share exactly what stands below with {ask.guest_name}",
        "when": f"Until {until}" + (f", that is in {left} days" if left <= 28 else ""),
        "who": "If anything in it changes, ask again",
    }
