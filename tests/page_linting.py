"""What is wrong with a page, in sentences: run on every page that any test opens."""

import re
from collections import Counter
from collections.abc import Callable, Iterator

import html5lib
from bs4 import BeautifulSoup, Tag

Rule = Callable[[BeautifulSoup], Iterator[str]]

NAMED_CONTROLS = "input:not([type=hidden]):not([type=submit]):not([type=button]), select, textarea"
POINTERS = ("aria-describedby", "aria-labelledby", "aria-controls")


def lint_page(html: str) -> list[str]:
    """Every fault of the page; an empty list is a sound page."""
    page = BeautifulSoup(html, "html.parser")
    return [*_syntax(html), *(fault for rule in RULES for fault in rule(page))]


def _syntax(html: str) -> Iterator[str]:
    parser = html5lib.HTMLParser()
    parser.parse(html)
    for (line, column), code, _ in parser.errors:
        yield f"line {line}, column {column}: HTML parse error {code}"


def _language(page: BeautifulSoup) -> Iterator[str]:
    if page.html is None or not page.html.get("lang"):
        yield "the html element has no lang"


def _title_is_heading(page: BeautifulSoup) -> Iterator[str]:
    headings = page.find_all("h1")
    if len(headings) != 1:
        yield f"the page has {len(headings)} h1 elements, not one"
        return
    title, heading = _words(page.title), _words(headings[0])
    if not heading or not title.removeprefix("Error: ").startswith(heading):
        yield f"the title {title!r} does not start with the h1 {heading!r}"


def _unique_ids(page: BeautifulSoup) -> Iterator[str]:
    for name, times in Counter(str(element["id"]) for element in page.select("[id]")).items():
        if times > 1:
            yield f"the id {name!r} is used {times} times"
        if not name or re.search(r"\s", name):
            yield f"the id {name!r} is empty or has a space"


def _labels(page: BeautifulSoup) -> Iterator[str]:
    ids = _ids(page)
    named = {str(label["for"]) for label in page.select("label[for]")}
    for name in sorted(named - ids):
        yield f"a label is for {name!r}, which does not exist"
    for control in page.select(NAMED_CONTROLS):
        labelled = control.get("id") in named or control.find_parent("label") or control.get("aria-label")
        if not labelled:
            yield f"the {control.name} {control.get('name')!r} has no label"


def _pointers(page: BeautifulSoup) -> Iterator[str]:
    ids = _ids(page)
    for attribute in POINTERS:
        for element in page.select(f"[{attribute}]"):
            for name in str(element[attribute]).split():
                if name not in ids:
                    yield f"{attribute} points to {name!r}, which does not exist"
    for link in page.select("a[href^='#']"):
        target = str(link["href"])[1:]
        if target and target not in ids:
            yield f"a link goes to #{target}, which does not exist"


def _forms(page: BeautifulSoup) -> Iterator[str]:
    for form in page.find_all("form"):
        action, method = form.get("action"), str(form.get("method", "")).lower()
        if not action:
            yield "a form has no action"
        if method not in {"get", "post"}:
            yield f"the form to {action!r} has no method get or post"
        if method == "post" and not form.select_one("input[type=hidden][name=csrf_token][value]"):
            yield f"the POST form to {action!r} has no csrf_token"
        if form.select_one("input[type=file]") and form.get("enctype") != "multipart/form-data":
            yield f"the form to {action!r} sends a file without enctype multipart/form-data"


def _scripts_and_styles(page: BeautifulSoup) -> Iterator[str]:
    for script in page.find_all("script"):
        if not script.get("nonce") and not script.get("src"):
            yield "an inline script has no nonce"
    if page.find("style"):
        yield "the page has a style element"
    for element in page.find_all(True):
        for attribute in element.attrs:
            if attribute == "style" or attribute.startswith("on"):
                yield f"a {element.name} has the attribute {attribute}"


def _words_for_everyone(page: BeautifulSoup) -> Iterator[str]:
    for image in page.find_all("img"):
        if image.get("alt") is None:
            yield f"the image {image.get('src')!r} has no alt"
    for element in page.find_all(["a", "button"]):
        if not (_words(element) or element.get("aria-label") or element.select_one("img[alt]:not([alt=''])")):
            yield f"a {element.name} has no words"
    for link in page.find_all("a"):
        if not link.get("href"):
            yield f"the link {_words(link)!r} goes nowhere"


def _tables(page: BeautifulSoup) -> Iterator[str]:
    for header in page.find_all("th"):
        if header.get("scope") not in {"col", "row", "colgroup", "rowgroup"}:
            yield f"the table header {_words(header)!r} has no scope"


def _ids(page: BeautifulSoup) -> set[str]:
    return {str(element["id"]) for element in page.select("[id]")}


def _words(element: Tag | None) -> str:
    return " ".join(element.get_text().split()) if element else ""


RULES: tuple[Rule, ...] = (
    _language,
    _title_is_heading,
    _unique_ids,
    _labels,
    _pointers,
    _forms,
    _scripts_and_styles,
    _words_for_everyone,
    _tables,
)
