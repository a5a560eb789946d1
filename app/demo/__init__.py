"""The demo only: a believable partnership, the mails that it sends, and sign-ins to try. Refuses to start elsewhere."""
