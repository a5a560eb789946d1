"""Who plays in the demo: organisations, staff, children and their families. All of it is made up."""

from dataclasses import dataclass
from datetime import date

from app.kernel.access import Role

PASSWORD = "seven tall windows"  # noqa: S105 - everybody's, in the demo only
LOCALITY, LARKRISE, MILLBROOK, FENWICK = "thornbeck", "larkrise", "millbrook", "fenwick"


@dataclass(frozen=True, slots=True)
class Place:
    slug: str
    kind: str
    name: str
    colour: str = "#1d4f6b"
    mailbox: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    name: str
    email: str
    posts: tuple[tuple[str, tuple[Role, ...]], ...]
    teaches: str | None = None


@dataclass(frozen=True, slots=True)
class Child:
    school: str
    first: str
    last: str
    born_on: date
    year: int
    group: str
    provision: str = "K"
    needs: tuple[str, ...] = ("SLCN",)


@dataclass(frozen=True, slots=True)
class Adult:
    name: str
    email: str
    relationship: str
    children: tuple[str, ...]  # first names
    responsible: bool = True
    status: str = "active"


PLACES = (
    Place(LOCALITY, "locality", "Thornbeck Locality Partnership", "#4a3b6b"),
    Place(LARKRISE, "school", "Larkrise Primary School", "#0b6e4f"),
    Place(MILLBROOK, "school", "Millbrook Primary Academy", "#8a3324"),
    Place(FENWICK, "school", "Fenwick Green Infant School", "#1d5fa8"),
    Place("ashmere", "agency", "Ashmere Speech and Language Therapy", mailbox="referrals@ashmere.example"),
    Place("ferndale", "agency", "Ferndale Educational Psychology", mailbox="office@ferndale.example"),
)

STAFF = (
    Member("Priya Nair", "priya.nair@larkrise.example", ((LARKRISE, (Role.SENDCO,)),)),
    Member("Tom Ashworth", "tom.ashworth@larkrise.example", ((LARKRISE, (Role.CLASS_TEACHER,)),), "2A"),
    Member("Bea Lowther", "bea.lowther@larkrise.example", ((LARKRISE, (Role.TEACHING_ASSISTANT,)),), "2A"),
    Member("Ruth Calder", "ruth.calder@larkrise.example", ((LARKRISE, (Role.HEADTEACHER,)),)),
    Member("Owen Pryce", "owen.pryce@larkrise.example", ((LARKRISE, (Role.DSL,)),)),
    Member("Gail Embury", "gail.embury@larkrise.example", ((LARKRISE, (Role.SCHOOL_ADMIN,)),)),
    Member(
        "Daniel Osei",
        "daniel.osei@millbrook.example",
        ((MILLBROOK, (Role.SENDCO,)), (LOCALITY, (Role.MEMBER,))),
    ),
    Member(
        "Helen Marsh",
        "helen.marsh@millbrook.example",
        ((MILLBROOK, (Role.HEADTEACHER,)), (LOCALITY, (Role.CHAIR,))),
    ),
    Member("Kit Farrow", "kit.farrow@millbrook.example", ((MILLBROOK, (Role.SCHOOL_ADMIN,)),)),
    Member(
        "Nadia Brook", "nadia.brook@fenwick.example", ((FENWICK, (Role.SENDCO,)), (LOCALITY, (Role.MEMBER,)))
    ),
    Member(
        "Martin Voss",
        "martin.voss@fenwick.example",
        ((FENWICK, (Role.HEADTEACHER, Role.DSL)), (LOCALITY, (Role.VICE_CHAIR,))),
    ),
    Member("Sam Tull", "sam.tull@fenwick.example", ((FENWICK, (Role.SCHOOL_ADMIN,)),)),
    Member("Joan Fell", "joan.fell@thornbeck.example", ((LOCALITY, (Role.CLERK,)),)),
    Member("Frances Oyelaran", "frances.oyelaran@thornbeck.example", ((LOCALITY, (Role.AREA_SEND_LEAD,)),)),
    Member("Neil Brandt", "neil.brandt@thornbeck.example", ((LOCALITY, (Role.FINANCE,)),)),
)

CHILDREN = (
    Child(LARKRISE, "Amara", "Okonjo-Vale", date(2019, 11, 4), 2, "2A", needs=("SLCN", "SEMH")),
    Child(LARKRISE, "Idris", "Bex", date(2017, 9, 23), 4, "4B", needs=("SPLD",)),
    Child(LARKRISE, "Ilyas", "Bex", date(2017, 9, 23), 4, "4B", needs=("ASD",)),
    Child(LARKRISE, "Maisie", "Carrow", date(2018, 12, 30), 3, "3C", needs=("MLD",)),
    Child(LARKRISE, "Wiktor", "Łukasiewicz", date(2020, 1, 17), 2, "2A", needs=("SLCN",)),
    Child(LARKRISE, "Linh", "Nguyễn", date(2016, 10, 8), 5, "5D", needs=("HI",)),
    Child(LARKRISE, "Teddy", "Rusk", date(2015, 9, 2), 6, "6E", "E", ("ASD", "SLCN")),
    Child(LARKRISE, "Saoirse", "O’Brien-Smith", date(2019, 3, 9), 3, "3C", needs=("SEMH",)),
    Child(LARKRISE, "Jago", "Penhale", date(2020, 6, 21), 1, "1F", needs=("DS",)),
    Child(LARKRISE, "Poppy", "Lund", date(2019, 9, 14), 2, "2A", "N", ()),
    Child(LARKRISE, "Rafi", "Demir", date(2020, 2, 2), 2, "2A", "N", ()),
    Child(LARKRISE, "Elsie", "Hart", date(2018, 4, 27), 4, "4B", "N", ()),
    Child(MILLBROOK, "Noor", "Hadley-Ahmed", date(2016, 12, 1), 5, "5M", needs=("SPLD", "SEMH")),
    Child(MILLBROOK, "Chidi", "Okonjo-Vale", date(2016, 2, 11), 6, "6M", needs=("PD",)),
    Child(FENWICK, "Bram", "Yates", date(2020, 8, 5), 1, "1G", needs=("SLCN",)),
)

FAMILIES = (
    Adult("Chika Okonjo", "chika.okonjo@home.example", "Mother", ("Amara", "Chidi")),
    Adult("David Vale", "david.vale@home.example", "Father", ("Amara", "Chidi")),
    Adult("Leila Bex", "leila.bex@home.example", "Mother", ("Idris", "Ilyas")),
    Adult("Karim Bex", "karim.bex@home.example", "Father", ("Idris", "Ilyas"), status="barred"),
    Adult("Jo Carrow", "jo.carrow@home.example", "Grandmother", ("Maisie",), responsible=False),
    Adult("Marek Łukasiewicz", "marek@home.example", "Father", ("Wiktor",)),
    Adult("Sofia Hadley", "sofia.hadley@home.example", "Mother", ("Noor",)),
)
