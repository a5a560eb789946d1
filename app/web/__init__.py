"""The hallway: session, csrf, guard, view, settle; forms, errors and the page around every page."""
