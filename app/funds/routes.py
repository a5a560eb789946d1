"""Pages of the locality's money."""

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.funds import policy, queries, service, years
from app.funds.schemas import CorrectionSchema, OpeningSchema, TopUpSchema
from app.kernel.access import Role
from app.kernel.clock import today
from app.kernel.paging import page_number
from app.web.access import current_actor, requires
from app.web.forms import Form

funds = Blueprint("funds", __name__, url_prefix="/funds", template_folder="templates")


@funds.get("")
@requires(*policy.READERS)
def list_funds() -> ResponseReturnValue:
    keeps = policy.can_keep(current_actor())
    return render_template("funds/list.html", funds=queries.list_funds(), keeps=keeps)


@funds.get("/new")
@requires(Role.FINANCE)
def new_fund() -> ResponseReturnValue:
    return _new_fund(Form(OpeningSchema(), initial={"year": years.year_of(today())}))


@funds.post("")
@requires(Role.FINANCE)
def create_fund() -> ResponseReturnValue:
    form = Form(OpeningSchema(), request.form)
    if form.submit(partial(service.open_fund, current_actor())):
        flash("The fund is open. The panel can award from it now.")
        return redirect(url_for("funds.list_funds"), code=303)
    return _new_fund(form), 422


@funds.get("/<uuid:fund_id>")
@requires(*policy.READERS)
def show_fund(fund_id: UUID) -> ResponseReturnValue:
    ledger = queries.get_ledger(fund_id, page_number(request.args.get("page")))
    payments = queries.list_payments(fund_id)
    keeps = policy.can_keep(current_actor())
    return render_template("funds/ledger.html", ledger=ledger, payments=payments, keeps=keeps)


@funds.get("/<uuid:fund_id>/entries/new")
@requires(Role.FINANCE)
def new_entry(fund_id: UUID) -> ResponseReturnValue:
    return render_template("funds/top_up.html", fund=queries.get_fund(fund_id), form=Form(TopUpSchema()))


@funds.post("/<uuid:fund_id>/entries")
@requires(Role.FINANCE)
def create_entry(fund_id: UUID) -> ResponseReturnValue:
    fund = queries.load_fund(fund_id)
    form = Form(TopUpSchema(), request.form)
    if form.submit(partial(service.top_up, current_actor(), fund)):
        flash("The money has been added to the fund.")
        return redirect(url_for("funds.show_fund", fund_id=fund_id), code=303)
    return render_template("funds/top_up.html", fund=queries.get_fund(fund_id), form=form), 422


@funds.get("/<uuid:fund_id>/entries/<uuid:entry_id>/correction/new")
@requires(Role.FINANCE)
def new_correction(fund_id: UUID, entry_id: UUID) -> ResponseReturnValue:
    return _new_correction(fund_id, entry_id, Form(CorrectionSchema()))


@funds.post("/<uuid:fund_id>/entries/<uuid:entry_id>/correction")
@requires(Role.FINANCE)
def create_correction(fund_id: UUID, entry_id: UUID) -> ResponseReturnValue:
    fund, entry = queries.load_fund(fund_id), queries.load_entry(fund_id, entry_id)
    form = Form(CorrectionSchema(), request.form)
    if form.submit(partial(service.correct, current_actor(), fund, entry)):
        flash("The correction is in the ledger. The old entry stays as it was.")
        return redirect(url_for("funds.show_fund", fund_id=fund_id), code=303)
    return _new_correction(fund_id, entry_id, form), 422


def _new_fund(form: Form) -> str:
    choices = [{"value": year, "text": years.said(year)} for year in years.choices(today())]
    return render_template("funds/new.html", form=form, years=choices)


def _new_correction(fund_id: UUID, entry_id: UUID, form: Form) -> str:
    fund, entry = queries.get_fund(fund_id), queries.load_entry(fund_id, entry_id)
    return render_template("funds/correction.html", fund=fund, entry=entry, form=form)
