"""The pages that a request and a referral share: the documents that go with it, and each step with its button."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.casework import evidence
from app.casework.identifying import hints
from app.casework.models import Case
from app.casework.read import CaseRead
from app.casework.schemas import ChosenSchema, SeenSchema
from app.kernel.access import Actor
from app.pupils import queries as pupils
from app.pupils.models import Pupil
from app.sharing.reading import lines_of
from app.web.access import current_actor
from app.web.forms import Form
from app.web.reads import note_read

casework = Blueprint("casework", __name__, template_folder="templates")

Act = Callable[[Actor, Any, Any], None]

ASKED = "Every adult with parental responsibility has been told. You can write down an answer that you hear."


@dataclass(frozen=True, slots=True)
class Pages:
    """Of one room: `noun` is what people call a case, and begins the names of its views and their arguments."""

    noun: str
    load: Callable[[UUID], Case]
    get: Callable[[UUID], CaseRead]
    freeze: Callable[[Any, Pupil], Mapping[str, Any]]

    def back(self, case_id: UUID) -> ResponseReturnValue:
        return redirect(self._url(f"show_{self.noun}", case_id), code=303)

    def save(self, case_id: UUID, form: Form, act: Act, said: str = "Saved.") -> ResponseReturnValue | None:
        """Back to the case; None when something must be changed first."""
        if not form.submit(partial(act, current_actor(), self.load(case_id))):
            return None
        flash(said)
        return self.back(case_id)

    def show_step(self, case_id: UUID, name: str) -> str:
        return self._step(case_id, name, Form(SeenSchema()))

    def take_step(self, case_id: UUID, name: str, act: Act, said: str) -> ResponseReturnValue:
        form = Form(SeenSchema(), request.form)
        return self.save(case_id, form, act, said) or (self._step(case_id, name, form), _refused(form))

    def show_evidence(self, case_id: UUID) -> str:
        return self._evidence(case_id, Form(ChosenSchema()))

    def take_evidence(self, case_id: UUID, act: Act) -> ResponseReturnValue:
        form = Form(ChosenSchema(), request.form)
        return self.save(case_id, form, act) or (self._evidence(case_id, form), _refused(form))

    def _step(self, case_id: UUID, name: str, form: Form) -> str:
        """What will happen, for whom, before the button."""
        found = self._read(case_id, form)
        lines = lines_of(self.freeze(found, pupils.load_pupil(found.pupil_id)))
        return render_template(
            f"{request.blueprint}/{name}.html", **self._common(found, form, f"create_{name}"), lines=lines,
            hints=hints_about(found),
        )  # fmt: skip

    def _evidence(self, case_id: UUID, form: Form) -> str:
        found = self._read(case_id, form)
        choices = evidence.list_choices(found.pupil_id, case_id)
        form.values.setdefault("documents", [str(choice.id) for choice in choices if choice.chosen])
        return render_template(
            "casework/evidence.html", **self._common(found, form, "update_evidence"), choices=choices
        )

    def _read(self, case_id: UUID, form: Form) -> CaseRead:
        found = self.get(case_id)
        note_read(self.noun, pupil_id=found.pupil_id)
        if form.stale or "version" not in form.values:
            form.values["version"] = found.version
        return found

    def _common(self, found: CaseRead, form: Form, action: str) -> dict[str, Any]:
        back, action = self._url(f"show_{self.noun}", found.id), self._url(action, found.id)
        return {"case": found, "noun": self.noun, "form": form, "back": back, "action": action}

    def _url(self, view: str, case_id: UUID) -> str:
        key: dict[str, Any] = {f"{self.noun}_id": case_id}
        return url_for(f".{view}", **key)


def hints_about(found: CaseRead) -> list[str]:
    return hints(found.answers, found.surnames) if found.before_sending else []


def _refused(form: Form) -> int:
    return 409 if form.stale else 422
