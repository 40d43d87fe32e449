"""This installation as an issuer, out of its settings."""

from urllib.parse import urlsplit

from flask import current_app, request

from lms.credentials import service
from lms.credentials.issuer import Issuer, issuer_of, moved
from lms.credentials.status import list_url


def issuer_here() -> Issuer:
    """Who issues and checks here."""
    config = current_app.config
    return issuer_of(config["DATA_DIR"], config["BASE_URL"], config["SITE_NAME"], config["FORMER_BASE_URLS"])


def issuer_asked() -> Issuer:
    """The same as it was at the address that is asked for, should that be a former one."""
    issuer = issuer_here()
    former = next((url for url in issuer.former if urlsplit(url).netloc == request.host), issuer.url)
    return moved(issuer, former)


def status_list_here(address: str) -> str | None:
    """The status list at an address of ours; nothing is fetched."""
    issuer = issuer_here()
    number, _, purpose = address.rpartition("/status/")[2].partition("/")
    if not number.isdecimal() or len(number) > 9:
        return None
    for url in (issuer.url, *issuer.former):
        if address == list_url(url, int(number), purpose):
            return service.status_list(moved(issuer, url), int(number), purpose)
    return None
