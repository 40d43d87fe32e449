"""A fictional mission with people, cohorts and progress, to try the product with; nobody in it is real."""

import random
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from lms.accounts import service as accounts
from lms.accounts.models import Role, User
from lms.attendance import service as attendance
from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock
from lms.core.db import session, transaction
from lms.core.ids import ALPHABET
from lms.core.percent import reached
from lms.handover import service as handovers
from lms.library import folder
from lms.library import service as library
from lms.library.activities import GradedTest, PreTest, Test
from lms.library.cli import COURSES
from lms.library.edition import edition
from lms.library.media_store import MediaStore
from lms.mentoring import service as mentoring
from lms.missions import desk, forces
from lms.missions import service as missions
from lms.missions.models import Deployment, HostForce, Mission, RollEntry
from lms.record import service as record
from lms.record.models import MARKS, Verb
from lms.roster import service as roster
from lms.roster.words import RANK

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
        for role, begins, ends in ((Role.MENTOR, -345, 20), (Role.MANAGER, -120, 245)):
            first, last = today + timedelta(days=begins), today + timedelta(days=ends)
            missions.deploy(salin, people[role].username, first, last, by=None)
        chance = random.Random(SEED)
        mentor = people[Role.MENTOR].id
        class_one = _cohort(salin, versions["DP01"], "Port-Salin academy, class 1", -40, mentor)
        class_two = _cohort(salin, versions["DP01"], "Port-Salin academy, class 2", -6, mentor)
        provincial = _cohort(karvand, versions["DP01"], "Karvand district posts, class 1", -20, mentor)
        trainee = accounts.create("trainee", Role.TRAINEE, by=None, password=PASSWORD)
        cohorts.place(class_two, trainee, by=mentor)
        for cohort, size, furthest in ((class_one, 18, 1.0), (class_two, 15, 0.4), (provincial, 12, 0.6)):
            for number in range(size):
                place = cohorts.place(cohort, _trainee(chance), by=mentor)
                place.enrolled_at = datetime.combine(cohort.begins, time(8), UTC)
                # One in four has made no progress for over a week.
                _study(place, chance, furthest, pause=10 if number % 4 == 0 else number % 5)
        _hold_sessions(class_two, people[Role.MENTOR], chance)
        _state_law(salin, people[Role.MENTOR])
        _host_force(salin, chance)
        _desk(salin, people[Role.MANAGER])
        _rotations(salin, people[Role.MENTOR])
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


def _study(enrolment: Enrolment, chance: random.Random, furthest: float, *, pause: int) -> None:
    """Some way through the course, in order, with a test failed here and there; then a pause, in days."""
    order = list(edition(enrolment.course_version_id).activities.values())
    reach = int(len(order) * min(1.0, chance.uniform(0.1, 1.25) * furthest))
    day = clock.now() - timedelta(days=reach + pause)
    for place, activity in enumerate(order[:reach]):
        at = day + timedelta(days=place, minutes=chance.randint(0, 400))
        verb, score = Verb.COMPLETED, None
        if isinstance(activity, Test):
            score = round(chance.uniform(*((0.2, 0.6) if isinstance(activity, PreTest) else (0.5, 1.0))), 2)
        if isinstance(activity, GradedTest) and score is not None:
            verb = Verb.PASSED if reached(score, activity.pass_mark) else Verb.FAILED
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


def _hold_sessions(cohort: Cohort, mentor: User, chance: random.Random) -> None:
    """Four sessions that were, of which two have the same sheet, one today, and one to come."""
    now = clock.now()
    places = session.scalars(select(Enrolment).where(Enrolment.cohort_id == cohort.id).order_by(Enrolment.id)).all()
    for each in places:
        each.enrolled_at = now - timedelta(days=6)
    sheet: dict[UUID, str] = {}
    topics = {-5: "Who we serve", -4: "Asking for papers", -3: "Force", -2: "Orders", 0: "Custody", 2: "Review"}
    for days, topic in topics.items():
        day = (now + timedelta(days=days)).date()
        agreed = attendance.Plan(
            topic=topic,
            venue="Police academy, hall B2",
            venue_code="B2",
            day=day,
            begins=time(0, 0) if days == 0 else time(8, 30),
            ends=time(23, 59) if days == 0 else time(12, 0),
            zone="UTC" if days == 0 else "America/Port-au-Prince",
            trainer_id=mentor.id,
        )
        training = attendance.plan(cohort, agreed, by=mentor.id)
        if days >= 0:
            continue
        if days != -2:
            sheet = {each.id: chance.choices(MARKS, (8, 2, 1, 1))[0].value for each in places}
        attendance.mark(training, sheet, {}, via="paper", by=mentor.id)
        there = sum(mark in ("present", "late") for mark in sheet.values())
        attendance.count_people(training, there - (3 if days == -4 else 0), by=mentor.id)


# Region: its units, with how many officers and women serve there.
UNITS = {
    "Capitale": (("Commissariat central", 120, 19), ("Police des frontières", 64, 8), ("Unité des victimes", 18, 9)),
    "Nord": (("Commissariat du Cap-Sel", 71, 9), ("Poste de Rivière-Haute", 22, 2)),
    "Plateau": (("Commissariat de Belle-Anse", 48, 6), ("Poste du Marché", 17, 3)),
    "Sud": (("Commissariat des Salines", 55, 7), ("Police routière", 31, 4)),
}


def _host_force(mission: Mission, chance: random.Random) -> None:
    """Four regions with their units, and what the roll keeps of each trainee: one in seven is a woman."""
    units = [
        roster.add_unit(mission, region, name, strength, women, by=None).id
        for region, found in UNITS.items()
        for name, strength, women in found
    ]
    force = session.scalars(select(HostForce).where(HostForce.mission_id == mission.id)).one()
    for ago, posts, in_them in ((400, 3120, 409), (30, 3190, 447)):
        forces.count(force, clock.today() - timedelta(days=ago), posts, in_them, by=None)
    entries = select(RollEntry).join(User, User.id == RollEntry.user_id).where(RollEntry.mission_id == mission.id)
    for entry in session.scalars(entries.order_by(User.number)):
        entry.sex = "f" if chance.random() < 0.14 else "m"
        entry.rank = chance.choice([*RANK][:3])
        entry.unit_id = chance.choice(units)
        entry.languages = chance.choice(["fr ht", "ht", "ht fr"])
        entry.literacy = chance.choice(["reads", "reads", "help", "audio"])
        session.get_one(User, entry.user_id).audio_first = entry.literacy != "reads"


def _desk(mission: Mission, manager: User) -> None:
    """A request that became the mission, and one that waits for its decision."""
    asked, today = [], clock.today()
    for force, country, kind, by, days in (
        (mission.host_force, mission.host_country, "un", mission.requested_by, -460),
        ("Valmere Municipal Police", "Valmere", "government", "Ministry of the Interior", -25),
    ):
        received = today + timedelta(days=days)
        asked.append(
            desk.receive(
                asked_by_kind=kind,
                asked_by=by,
                host_country=country,
                host_force=force,
                need="Mentors for stations and the academy: custody, interviewing, victims.",
                received_on=received,
                by=manager.id,
            )
        )
        text = "Twelve officers can go in three rotations."
        desk.assess(asked[-1], "rcmp", received + timedelta(days=15), text, by=manager.id)
    reasons = "It fits the arrangement's aims of capacity building and mentoring."
    desk.decide(asked[0], True, "gac", today - timedelta(days=400), reasons, by=manager.id)
    desk.answer_with(asked[0], mission)


def _rotations(mission: Mission, mentor: User) -> None:
    """Mentors who came before, who is there, and who comes next; the mentor of the demo hands over."""
    today = clock.today()
    spans = ((-365, -40), (-350, -5), (-60, 300), (6, 371), (300, 700))
    for number, (begins, ends) in enumerate(spans, start=1):
        person = accounts.create(f"mentor-{number}", Role.MENTOR, by=None)
        first, last = today + timedelta(days=begins), today + timedelta(days=ends)
        deployment = missions.deploy(mission, person.username, first, last, by=None)
        if begins == 6:
            _mentor_somebody(mission, mentor)
            own = select(Deployment).where(Deployment.user_id == mentor.id, Deployment.mission_id == mission.id)
            handover = handovers.open_for(session.scalars(own).one(), deployment.id, by=mentor.id)
            note = "Every second Monday in the station; the commander decides the agenda."
            handovers.add(handover, "Meeting with the commander of the central station", note, by=mentor.id)


def _mentor_somebody(mission: Mission, mentor: User) -> None:
    """Notes and plans on the trainee of the demo, who can read what is shared."""
    trainee = session.scalars(select(User).where(User.username == "trainee")).one()
    today = clock.today()
    for ago, competency, shared, text in (
        (12, "C5", True, "Found two gaps in the custody register by himself, and asked how to mend them openly."),
        (6, "C3", False, "Explains little before he acts. Agreed: first one sentence of reason, then the request."),
        (1, "C3", True, "Gave the reason first in four of five checks at the gate. Spoke calmly to a man who shouted."),
    ):
        day = today - timedelta(days=ago)
        mentoring.write_note(mission, trainee, day=day, competency=competency, text=text, shared=shared, by=mentor.id)
    agreed = mentoring.Agreed(
        gap="Acts first and explains afterwards.",
        action="At each check: one sentence of reason before the request. The mentor watches five checks a week.",
        evidence="In two weeks running, the reason comes first in nine of ten checks.",
        owner_id=mentor.id,
        due=today + timedelta(days=40),
        next_review=today + timedelta(days=18),
    )
    mentoring.comment(
        mentoring.open_plan(mission, trainee, agreed, by=mentor.id), "People ask less now.", by=trainee.id
    )


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
