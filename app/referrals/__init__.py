"""Referrals to agencies: written for one agency, agreed at home, sent as a link, answered through it."""
