"""Pages for the documents of a pupil."""

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage, MultiDict

from app.documents import policy, queries, service, transfer
from app.documents.schemas import UploadSchema
from app.kernel.errors import NotFound
from app.kernel.ids import new_id
from app.pupils import queries as pupils
from app.web.access import current_actor, requires
from app.web.forms import Form
from app.web.reads import note_read
from app.web.uploads import accepts_files

documents = Blueprint("documents", __name__, template_folder="../templates")


@documents.get("/pupils/<uuid:pupil_id>/documents")
@requires(*policy.READERS)
def list_documents(pupil_id: UUID) -> ResponseReturnValue:
    pupil = pupils.get_pupil(pupil_id)
    note_read("documents", pupil_id=pupil_id)
    return render_template(
        "documents/list.html", pupil=pupil, documents=queries.list_documents(pupil_id), **_may()
    )


@documents.get("/pupils/<uuid:pupil_id>/documents/new")
@requires(*policy.KEEPERS)
def new_document(pupil_id: UUID) -> ResponseReturnValue:
    return _new_page(pupil_id, Form(UploadSchema()))


@documents.post("/pupils/<uuid:pupil_id>/documents")
@requires(*policy.KEEPERS)
@accepts_files(transfer.LARGEST_REQUEST)
def create_document(pupil_id: UUID) -> ResponseReturnValue:
    """The plain form: the file comes through here into the quarantine."""
    pupils.load_pupil(pupil_id)
    file, document_id = request.files.get("file") or FileStorage(), new_id()
    form = Form(UploadSchema(), _with_file(file))
    if form.submit(
        partial(transfer.take_in, current_actor(), file, document_id=document_id, pupil_id=pupil_id)
    ):
        flash("We have your file and are checking it.")
        return redirect(url_for("documents.show_document", document_id=document_id), code=303)
    return _new_page(pupil_id, form), 422


@documents.post("/pupils/<uuid:pupil_id>/document-uploads")
@requires(*policy.KEEPERS)
def create_upload(pupil_id: UUID) -> ResponseReturnValue:
    """For our script: the same form without the file, answered with where the browser may send it."""
    pupils.load_pupil(pupil_id)
    document_id = new_id()
    form = Form(UploadSchema(), request.form)
    if not form.submit(
        partial(service.start_upload, current_actor(), document_id=document_id, pupil_id=pupil_id)
    ):
        return _new_page(pupil_id, form), 422
    there = transfer.form_for(queries.load_document(document_id))
    answer = {
        "url": there.url,
        "fields": there.fields,
        "completion": url_for("documents.create_completion", document_id=document_id),
        "page": url_for("documents.show_document", document_id=document_id),
    }
    return jsonify(answer), 201


@documents.post("/documents/<uuid:document_id>/upload-completion")
@requires(*policy.KEEPERS)
def create_completion(document_id: UUID) -> ResponseReturnValue:
    transfer.finish(current_actor(), queries.load_document(document_id))
    return redirect(url_for("documents.show_document", document_id=document_id), code=303)


@documents.get("/documents/<uuid:document_id>")
@requires(*policy.READERS)
def show_document(document_id: UUID) -> ResponseReturnValue:
    """Also what is asked for again and again while the check goes on."""
    document = queries.get_document(document_id)
    if document.pupil_id is None:
        raise NotFound
    if not document.is_watched_by(current_actor().person_id):
        note_read("documents", pupil_id=document.pupil_id)
    pupil = pupils.get_pupil(document.pupil_id)
    return render_template("documents/document.html", pupil=pupil, document=document, **_may())


@documents.get("/documents/<uuid:document_id>/content")
@requires(*policy.READERS)
def download(document_id: UUID) -> ResponseReturnValue:
    copy = queries.get_copy(document_id)
    note_read("a document", pupil_id=copy.pupil_id)
    return redirect(transfer.download_url(copy), code=303)


@documents.post("/documents/<uuid:document_id>/showing")
@requires(*policy.KEEPERS)
def create_showing(document_id: UUID) -> ResponseReturnValue:
    service.show_to_family(current_actor(), queries.load_document(document_id))
    flash("The family can now open this document.")
    return redirect(url_for("documents.show_document", document_id=document_id), code=303)


@documents.post("/documents/<uuid:document_id>/showing/removal")
@requires(*policy.KEEPERS)
def remove_showing(document_id: UUID) -> ResponseReturnValue:
    service.hide_from_family(current_actor(), queries.load_document(document_id))
    flash("The family can no longer open this document.")
    return redirect(url_for("documents.show_document", document_id=document_id), code=303)


def _with_file(file: FileStorage) -> MultiDict[str, str]:
    """The form with what its file says of itself, whatever the page claimed."""
    answers = MultiDict(request.form)
    answers["file"], answers["size"] = file.filename or "", str(transfer.size_of(file))
    return answers


def _new_page(pupil_id: UUID, form: Form) -> str:
    return render_template("documents/new.html", pupil=pupils.get_pupil(pupil_id), form=form)


def _may() -> dict[str, bool]:
    actor = current_actor()
    return {"can_upload": policy.can_upload(actor), "can_show": policy.can_show(actor)}
