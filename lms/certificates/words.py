"""What kinds and states are called on pages and papers."""

from lms.core.words import N_

KINDS = {
    "completion": N_("Certificate of completion"),
    "attendance": N_("Certificate of attendance"),
    "competence": N_("Certificate of competence"),
    "instructor": N_("Instructor’s certificate"),
}
STATES = {
    "valid": N_("Valid"),
    "expired": N_("Expired"),
    "suspended": N_("Suspended"),
    "revoked": N_("Revoked"),
    "renewed": N_("Renewed"),
}
# The rating scale.
LEVELS = {
    1: N_("1 – not yet"),
    2: N_("2 – with support"),
    3: N_("3 – independent"),
    4: N_("4 – can teach others"),
}
