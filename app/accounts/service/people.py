"""One human, one address, one account, wherever they are invited."""

from uuid import UUID

from sqlalchemy import text

from app.accounts import addresses
from app.kernel.errors import Invalid
from app.kernel.ids import new_id
from infrastructure.database.door import at_the_door

_PERSON = text("select door.person_called(:id, :email, :name)")
SENTENCE = "Enter an e-mail address in the correct format, like name@school.example"


def person_called(name: str, email: str) -> UUID:
    """Find the person with this address, or make them. A name that is known elsewhere stays as it is.

    For callers who have authorised. In a transaction of its own: a person without a membership can do nothing.
    """
    if not addresses.is_address(email):
        raise Invalid("email", SENTENCE)
    with at_the_door() as door:
        values = {"id": new_id(), "email": addresses.plain(email), "name": name}
        return UUID(str(door.scalar(_PERSON, values)))
