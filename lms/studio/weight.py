"""What a lesson weighs on a trainee's phone, in bytes."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lms.core import markup
from lms.library.media_store import MediaStore
from lms.studio.models import Asset

# As the page offers it to a phone.
SMALL = 480


@dataclass(frozen=True)
class Weight:
    """The text, the pictures that come with it, and what is fetched only when it is played."""

    text: int
    pictures: int
    recordings: int


def on_a_phone(asset: Asset, store: MediaStore) -> int:
    """What a phone fetches of a file: of a picture its small copy, if there is one yet."""
    is_picture = re.fullmatch(r"image/(png|jpeg|webp)", asset.type)
    return (store.small_bytes(asset.sha256, SMALL) if is_picture else None) or asset.bytes


def of(text: str, files: Iterable[Mapping[str, Any]]) -> Weight:
    """The weight of a lesson's text with the files that it shows, each counted once."""
    shown = {address.removeprefix("media/") for address in markup.files(text)}
    pictures = recordings = 0
    for file in files:
        if file["name"] in shown:
            is_picture = file["type"].startswith("image/")
            pictures += file["phone"] if is_picture else 0
            recordings += 0 if is_picture else file["phone"]
    return Weight(len(text.encode()), pictures, recordings)
