"""Requests for Locality SEND Support: put together from a plan, agreed by the family, authorised by the head, sent."""
