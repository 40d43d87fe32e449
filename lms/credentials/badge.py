"""What a credential says, as an Open Badges 3.0 ``AchievementCredential`` (and so a W3C Verifiable Credential 2.0)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms.credentials.canonical import CREDENTIALS_V2, OPEN_BADGES
from lms.credentials.issuer import Issuer
from lms.credentials.proof import instant
from lms.credentials.status import PURPOSES, Place, list_url

# Open Badges 3.0, AchievementType; the kind itself is a tag.
TYPES = {
    "completion": "CertificateOfCompletion",
    "attendance": "Certificate",
    "competence": "Competency",
    "instructor": "Certification",
}


@dataclass(frozen=True)
class Claims:
    """What is certified. It names nobody: the holder is a salted hash of the number that stands on the certificate.

    ``id`` is the address at which the certificate is checked, ``names`` are the course's in its languages, of which the
    first leads, ``hours`` are whole, ``renews`` is the ``id`` of the credential that this one follows.
    """

    id: str
    code: str
    number: str
    names: Mapping[str, str]
    course_code: str
    kind: str
    hours: int
    criteria: str
    issued_at: datetime
    valid_until: datetime | None
    issuer: Issuer
    place: Place
    level: int | None = None
    renews: str | None = None


def identity_hash(identity: str, salt: str) -> str:
    """The hash of an IdentityObject (Open Badges 3.0, B.4.6): of the identity followed by the salt."""
    return "sha256$" + hashlib.sha256(f"{identity}{salt}".encode()).hexdigest()


def document_of(claims: Claims) -> dict[str, Any]:
    """The credential, unsigned; equal claims give equal documents."""
    issuer, (language, title) = claims.issuer, next(iter(claims.names.items()))
    # One salt for each credential, so that two of one person cannot be told to be that.
    salt = hashlib.sha256(claims.id.encode()).hexdigest()[:32]
    achievement = f"{issuer.url}/#{claims.course_code}-{claims.kind}"
    results = {"hours": ("Hours of training", "ext:hours", claims.hours)}
    if claims.level is not None:
        results["level"] = ("Level of competence", "ext:level", claims.level)
    document = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "id": claims.id,
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": title,
        "issuer": {"id": issuer.did, "type": ["Profile"], "name": issuer.name, "url": issuer.url},
        "awardedDate": instant(claims.issued_at),
        "validFrom": instant(claims.issued_at),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": identity_hash(claims.number, salt),
                    "identityType": "systemId",
                    "salt": salt,
                }
            ],
            "licenseNumber": claims.code,
            "achievement": {
                "id": achievement,
                "type": ["Achievement"],
                "achievementType": TYPES[claims.kind],
                "name": title,
                "inLanguage": language,
                "description": " · ".join(claims.names.values()),
                "criteria": {"narrative": claims.criteria},
                "humanCode": claims.course_code,
                "tag": [claims.kind],
                "resultDescription": [
                    {
                        "id": f"{achievement}-{key}",
                        "type": ["ResultDescription"],
                        "name": name,
                        "resultType": result_type,
                    }
                    for key, (name, result_type, _) in results.items()
                ],
            },
            "result": [
                {"type": ["Result"], "resultDescription": f"{achievement}-{key}", "value": str(value)}
                for key, (_, _, value) in results.items()
            ],
        },
        "credentialStatus": [
            {
                "id": f"{list_url(issuer.url, claims.place.list, purpose)}#{claims.place.index}",
                "type": "BitstringStatusListEntry",
                "statusPurpose": purpose,
                "statusListIndex": str(claims.place.index),
                "statusListCredential": list_url(issuer.url, claims.place.list, purpose),
            }
            for purpose in PURPOSES
        ],
    }
    if claims.valid_until is not None:
        document["validUntil"] = instant(claims.valid_until)
    if claims.renews is not None:
        document["evidence"] = [
            {
                "id": claims.renews,
                "type": ["Evidence"],
                "name": "The credential that this one renews",
                "genre": "renewal",
            }
        ]
    return document
