"""What a person would call the device that they signed in from: enough to recognise it, nothing to track it by."""

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_DEVICES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """Such as "Chrome on Windows"."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "A browser")
    device = next((name for mark, name in _DEVICES if mark in user_agent), None)
    return f"{browser} on {device}" if device else browser
