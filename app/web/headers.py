"""What every answer says to the browser: no sniffing, no framing, no caching of people's pages, no foreign code."""

from flask import Flask, Response, current_app


def install(app: Flask) -> None:
    app.after_request(_protect)


def _protect(response: Response) -> Response:
    headers = response.headers
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["X-Frame-Options"] = "DENY"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    headers["Content-Security-Policy"] = _policy()
    headers["X-Robots-Tag"] = "noindex, nofollow"
    if current_app.config["SCHEME"] == "https":
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains; preload"
    if not headers.get("Cache-Control", "").startswith("public"):
        headers["Cache-Control"] = "no-store"
        headers["Vary"] = "Cookie, Sec-Fetch-Site, Origin"
    return response


def _policy() -> str:
    storage = current_app.config.get("STORAGE_ORIGIN") or ""
    # Forms that upload go straight to storage; downloads are redirects there.
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self' {storage}; form-action 'self' {storage}; manifest-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
