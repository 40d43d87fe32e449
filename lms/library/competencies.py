"""The ten competencies that observations and mentoring notes name."""

from lms.core.words import N_

COMPETENCIES = {
    "C1": N_("Legality and rights"),
    "C2": N_("Dignity and non-discrimination"),
    "C3": N_("Communication and de-escalation"),
    "C4": N_("Control of force"),
    "C5": N_("Custody care"),
    "C6": N_("Fair investigation"),
    "C7": N_("Victims, children, gender"),
    "C8": N_("Community and service"),
    "C9": N_("Integrity and accountability"),
    "C10": N_("Coaching and leadership"),
}
