"""Who people are: signing in, invitations, roles, sessions. No audience can read a hash; the door answers for it."""
