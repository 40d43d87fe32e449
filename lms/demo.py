"""A fictional mission with people, cohorts and progress, to try the product with; nobody in it is real."""

import random
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from lms.accounts import service as accounts
from lms.accounts.models import Role, User
from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock
from lms.core.db import session, transaction
from lms.core.ids import ALPHABET
from lms.library import folder
from lms.library import service as library
from lms.library.activities import GradedTest, PreTest, Test
from lms.library.cli import COURSES
from lms.library.edition import edition
from lms.library.media_store import MediaStore
from lms.missions import service as missions
from lms.missions.models import Mission
from lms.record import service as record
from lms.record.models import Verb

PASSWORD = "policing-by-consent"
SEED = 1829
FLAG = "demo"


class NotEmpty(RuntimeError):
    """The database has people in it already; demonstration sign-ins never come into it."""


def load(data: Path, store: MediaStore) -> None:
    """Fill an empty database, all or nothing."""
    with transaction():
        if session.scalar(select(User.id).limit(1)) is not None:
            raise NotEmpty("This database has people in it already: the demo only fills an empty one.")
        people = {
            role: accounts.create(role.value, role, by=None, password=PASSWORD) for role in (Role.MENTOR, Role.MANAGER)
        }
        accounts.create("admin", Role.ADMIN, by=None, password=PASSWORD)
        versions = {}
        for path in sorted(each.parent for each in COURSES.glob("*/course.yaml")):
            document = folder.read(path)
            version, _ = library.publish(document, folder.media_of(path), store, by=None)
            versions[document.code] = version.id
        salin, karvand = _missions()
        today = clock.today()
        for person in people.values():
            missions.deploy(salin, person.username, today - timedelta(days=120), today + timedelta(days=245), by=None)
        chance = random.Random(SEED)
        mentor = people[Role.MENTOR].id
        class_one = _cohort(salin, versions["DP01"], "Port-Salin academy, class 1", -40, mentor)
        class_two = _cohort(salin, versions["DP01"], "Port-Salin academy, class 2", -6, mentor)
        provincial = _cohort(karvand, versions["DP01"], "Karvand district posts, class 1", -20, mentor)
        trainee = accounts.create("trainee", Role.TRAINEE, by=None, password=PASSWORD)
        cohorts.place(class_two, trainee, by=mentor)
        for cohort, size, furthest in ((class_one, 18, 1.0), (class_two, 15, 0.4), (provincial, 12, 0.6)):
            for _ in range(size):
                _study(cohorts.place(cohort, _trainee(chance), by=mentor), chance, furthest)
        _state_law(salin, people[Role.MENTOR])
    (data / FLAG).touch()


def is_loaded(data: Path) -> bool:
    """Whether the data directory belongs to a demonstration, so that the sign-in page may say how to get in."""
    return (data / FLAG).exists()


def _missions() -> tuple[Mission, Mission]:
    today = clock.today()
    salin = missions.create(
        by=None,
        title="Port-Salin policing assistance",
        host_country="Port-Salin",
        host_force="Port-Salin National Police",
        requested_by="United Nations",
        mandate_begins=today - timedelta(days=365),
        mandate_ends=today + timedelta(days=730),
        languages=["fr", "ht"],
    )
    karvand = missions.create(
        by=None,
        title="Karvand provincial police mentoring",
        host_country="Karvand",
        host_force="Karvand Provincial Police",
        requested_by="European Union",
        mandate_begins=today - timedelta(days=200),
        mandate_ends=today + timedelta(days=530),
        languages=["prs", "ps"],
    )
    return salin, karvand


def _cohort(mission: Mission, version_id: UUID, title: str, begins: int, by: UUID) -> Cohort:
    first = clock.today() + timedelta(days=begins)
    return cohorts.create(
        mission,
        version_id,
        title=title,
        begins=first,
        ends=first + timedelta(days=60),
        capacity=40,
        by=by,
    )


def _trainee(chance: random.Random) -> User:
    """A trainee whose number follows from the seed; without a password nobody signs in as one."""
    number = "PS-" + "".join(chance.choice(ALPHABET) for _ in range(5))
    user = User(username=number.casefold(), number=number, role=Role.TRAINEE.value)
    session.add(user)
    session.flush()
    return user


def _study(enrolment: Enrolment, chance: random.Random, furthest: float) -> None:
    """Some way through the course, in order, with a test failed here and there."""
    order = list(edition(enrolment.course_version_id).activities.values())
    reach = int(len(order) * min(1.0, chance.uniform(0.1, 1.25) * furthest))
    day = clock.now() - timedelta(days=len(order))
    for place, activity in enumerate(order[:reach]):
        at = day + timedelta(days=place, minutes=chance.randint(0, 400))
        verb, score = Verb.COMPLETED, None
        if isinstance(activity, Test):
            score = round(chance.uniform(*((0.2, 0.6) if isinstance(activity, PreTest) else (0.5, 1.0))), 2)
        if isinstance(activity, GradedTest) and score is not None:
            verb = Verb.PASSED if score * 100 >= activity.pass_mark else Verb.FAILED
        record.append(
            verb,
            actor_id=enrolment.user_id,
            registration=enrolment.id,
            activity_id=activity.id,
            score=score,
            occurred_at=at,
        )
        if verb is Verb.FAILED:
            return


def _state_law(mission: Mission, by: User) -> None:
    """One law block filled in, so that a lesson shows what it looks like."""
    texts = {
        "en": "**Police Act of Port-Salin, section 12.** An officer may ask a person to identify themselves when "
        "there is a reasonable ground to suspect an offence, and must state that ground. "
        "*(Fictional law, for the demonstration.)*",
        "fr": "**Loi sur la police de Port-Salin, article 12.** L’agent peut demander à une personne de s’identifier "
        "lorsqu’il existe un motif raisonnable de soupçonner une infraction, et il doit énoncer ce motif. "
        "*(Loi fictive, pour la démonstration.)*",
    }
    for language, text in texts.items():
        missions.state_law(
            mission,
            "democratic-policing-foundations",
            "first-minute",
            language,
            text=text,
            checked_by="legal adviser, police academy"
            if language == "en"
            else "conseiller juridique, académie de police",
            checked_on=clock.today() - timedelta(days=30),
            by=by.id,
        )
