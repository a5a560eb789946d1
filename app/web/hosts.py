"""Chooses the small app for a host: a school's routes do not exist on the family's host."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Flask
from werkzeug.wrappers import Request, Response

from app.kernel.access import Audience
from tenants import registry
from tenants.resolution import Address, resolve

StartResponse = Callable[..., Any]
NOWHERE = Response(
    '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Page not found</title></head>'
    "<body><h1>Page not found</h1><p>There is nothing at this address. Check how the first part of it is spelled, "
    "or use the link in the mail that we sent you.</p></body></html>\n",
    status=404,
    mimetype="text/html",
)


class Hosts:
    """The WSGI application: one Flask app for each audience, found by the whole host name."""

    def __init__(self, apps: Mapping[Audience, Flask], domain: str) -> None:
        self.apps = apps
        self.domain = domain
        self._kinds: dict[str, Audience] = {}  # an organisation never changes its kind

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        try:
            address = resolve(Request(environ).host.lower(), self.domain)
        except (ValueError, UnicodeError):
            address = None
        audience = self._audience(address) if address else None
        if audience is None or address is None:
            return NOWHERE(environ, start_response)
        environ["tenant.slug"] = address.slug
        return self.apps[audience](environ, start_response)

    def _audience(self, address: Address) -> Audience | None:
        if address.kind != "tenant":
            return Audience(address.kind)
        slug = address.slug or ""
        if slug not in self._kinds:
            with self.apps[Audience.FRONT].app_context():
                found = registry.at_address(slug)
            if found is None:
                return None
            self._kinds[slug] = Audience(found.kind)
        return self._kinds[slug]
