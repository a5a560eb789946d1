"""Each rule of the page linter bites, and a sound page passes."""

import pytest

from tests.page_linting import lint_page

SOUND = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Error: Add a pupil – SEND Support</title>
<script type="module" src="/static/app.js" nonce="n"></script></head>
<body>
<h1>Add a pupil</h1>
<form action="/pupils" method="post">
<input type="hidden" name="csrf_token" value="t">
<label for="name">Name</label>
<p id="name-error">Enter a name</p>
<input id="name" name="name" aria-describedby="name-error">
<button>Save</button>
</form>
<form action="/pupils" method="get"><label>Find <input name="q"></label></form>
<table><tr><th scope="col">Year</th></tr><tr><td>4</td></tr></table>
<img src="/logo.svg" alt="">
<a href="#name">Enter a name</a>
</body>
</html>"""


def test_a_sound_page_has_no_faults() -> None:
    assert lint_page(SOUND) == []


@pytest.mark.parametrize(
    ("sound", "broken", "sentence"),
    [
        ("<!DOCTYPE html>", "", "HTML parse error"),
        ("<button>Save</button>", "<button>Save", "HTML parse error"),
        (' lang="en"', "", "no lang"),
        ("<h1>Add a pupil</h1>", "<h2>Add a pupil</h2>", "0 h1 elements"),
        ("<h1>Add a pupil</h1>", "<h1>Add a pupil</h1><h1>Again</h1>", "2 h1 elements"),
        ("<h1>Add a pupil</h1>", "<h1>Add a child</h1>", "does not start with the h1"),
        ("<h1>Add a pupil</h1>", "<h1></h1>", "does not start with the h1"),
        ('id="name-error"', 'id="name"', "is used 2 times"),
        ('id="name-error"', 'id="name error"', "empty or has a space"),
        ('for="name"', 'for="surname"', "which does not exist"),
        ('<label for="name">Name</label>', "", "has no label"),
        ('aria-describedby="name-error"', 'aria-describedby="name-hint"', "aria-describedby points to"),
        (
            '<img src="/logo.svg" alt="">',
            '<img src="/logo.svg" alt="" aria-labelledby="x">',
            "aria-labelledby points to",
        ),
        ('href="#name"', 'href="#surname"', "a link goes to #surname"),
        ('action="/pupils" method="post"', 'method="post"', "has no action"),
        ('method="get"', "", "no method"),
        ('<input type="hidden" name="csrf_token" value="t">', "", "no csrf_token"),
        ('<input id="name" name="name"', '<input id="name" type="file" name="name"', "without enctype"),
        ('<script type="module" src="/static/app.js" nonce="n">', "<script>", "inline script has no nonce"),
        ("<h1>", '<h1 style="color:red">', "attribute style"),
        ("<button>", '<button onclick="go()">', "attribute onclick"),
        ('<meta charset="utf-8">', '<meta charset="utf-8"><style>p{}</style>', "style element"),
        (' alt=""', "", "has no alt"),
        ("Enter a name</a>", "</a>", "a a has no words"),
        ("<button>Save</button>", "<button></button>", "a button has no words"),
        ('<a href="#name">', "<a>", "goes nowhere"),
        ('<th scope="col">', "<th>", "has no scope"),
    ],
)
def test_a_fault_is_found(sound: str, broken: str, sentence: str) -> None:
    page = SOUND.replace(sound, broken, 1)
    assert page != SOUND
    assert any(sentence in fault for fault in lint_page(page)), lint_page(page)
