"""A file that is too large is refused with the limit of the page that refused it, and the way back."""

from io import BytesIO

from tests.world import World

MEGABYTE = 1024 * 1024


def test_the_roll_names_its_own_limit(world: World) -> None:
    file = (BytesIO(b"x" * 16 * MEGABYTE), "roll.csv")
    response = world.browser(world.admin).post("/roll-imports", {"file": file})
    assert response.status_code == 413
    assert "The file must be smaller than 10MB. Choose a smaller file." in response.text
    assert "Go back in your browser to change it. Nothing has been saved or sent." in response.text


def test_a_file_a_little_too_large_is_answered_beside_its_field(world: World) -> None:
    file = (BytesIO(b"x" * 11 * MEGABYTE), "roll.csv")
    response = world.browser(world.admin).post("/roll-imports", {"file": file})
    assert response.status_code == 422
    assert "The selected file must be smaller than 10MB" in response.text


def test_documents_may_be_larger_and_say_so(world: World) -> None:
    data = {"title": "Report", "file": (BytesIO(b"x" * 31 * MEGABYTE), "report.pdf")}
    response = world.browser(world.sendco).post(f"/pupils/{world.amara.id}/documents", data)
    assert response.status_code == 413
    assert "The file must be smaller than 25MB" in response.text


def test_a_form_without_files_speaks_of_words(world: World) -> None:
    browser = world.browser(world.admin)
    response = browser.post("/classes", {"name": "x" * 3 * MEGABYTE, "year_group": "3"})
    assert response.status_code == 413
    assert "What you wrote is too long to send. Make it shorter." in response.text
    assert "file" not in response.text.split("<main")[1].split("</main>")[0]
