from pathlib import Path
from tests.app.documents.test_script import live  # noqa
from tests.builders.documents import *
from tests.journeys.visitor import Visitor, chromium
from tests.world import World
def test_pics(live):
    w = World(live.database, live.domain)
    clean_document(w, w.amara, title="Speech and language report, March 2026")
    a = clean_document(w, w.amara, title="Hearing test", shown=True)
    b = checking_document(w, w.amara, title="Letter from the community paediatrician about the assessment in autumn")
    c = refused_document(w, w.amara, problem="The selected file contains a virus", title="Old letter")
    with chromium() as br:
        v = Visitor(br, album=Path("/tmp/documents"))
        v.sign_in_with(w.larkrise.host, w.session_of(w.sendco))
        base=f"http://{w.larkrise.host}"
        v.open(f"{base}/pupils/{w.amara.id}/documents").look("list")
        for n, d in (("clean",a),("checking",b),("refused",c)):
            v.open(f"{base}/documents/{d}").look(n)
            print(n, v.fits_a_phone())
        v.open(f"{base}/pupils/{w.amara.id}/documents/new").press("Add the document")
        v.page.get_by_role("alert").wait_for(); v.look("new")
