"""The addresses under which staff of schools and localities sign in: each view stands in a file of its capability."""

from flask import Blueprint

from app.accounts.routes import edge, password_changes, passwords, sessions, sign_in

accounts = Blueprint("accounts", __name__, template_folder="../templates")
edge.refuse_many_tries(accounts)

accounts.get("/sign-in")(sign_in.new_session)
accounts.post("/sign-in")(sign_in.create_session)
accounts.get("/sign-in/code")(sign_in.new_code)
accounts.post("/sign-in/code")(sign_in.create_code)
accounts.get("/sign-in/recovery-code")(sign_in.new_recovery)
accounts.post("/sign-in/recovery-code")(sign_in.create_recovery)
accounts.get("/sign-in/second-factor")(sign_in.new_second_factor)
accounts.post("/sign-in/second-factor")(sign_in.create_second_factor)
accounts.post("/sign-out")(sign_in.remove_session)

accounts.get("/password-resets/new")(passwords.new_reset)
accounts.post("/password-resets")(passwords.create_reset)
accounts.get("/password-resets/sent")(passwords.show_reset_sent)
accounts.get("/password-resets/<token>")(passwords.edit_password)
accounts.post("/password-resets/<token>")(passwords.update_password)
accounts.get("/password-changes/new")(password_changes.new_password_change)
accounts.post("/password-changes")(password_changes.create_password_change)
accounts.get("/invitations/<token>")(passwords.show_invitation)
accounts.post("/invitations/<token>")(passwords.create_acceptance)

accounts.get("/sessions")(sessions.list_sessions)
accounts.post("/sessions/removal")(sessions.remove_other_sessions)
accounts.post("/sessions/<uuid:session_id>/removal")(sessions.remove_other_session)
