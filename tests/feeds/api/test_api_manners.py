"""How the API answers whoever asks: caching, other sites, errors, limits."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest

from tests.feeds.served import client_of

ADDRESSES = (
    "questions",
    "questions/QANR5L17QE13983",
    "events",
    "figures",
    "feeds",
    "health",
    "openapi.json",
)
KEPT = tuple(address for address in ADDRESSES if address != "health")


@pytest.mark.parametrize("address", KEPT)
async def test_what_has_not_changed_is_not_sent_again(client, address):
    """A strong tag, 304 for who holds it, gzip, always asked again."""
    first = await client.get(address, headers={"accept-encoding": "identity"})
    assert first.headers["etag"].startswith('"')
    assert first.headers["cache-control"] == "no-cache"
    again = await client.get(address, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    zipped = await client.get(address, headers={"accept-encoding": "gzip"})
    assert (zipped.headers["content-encoding"], zipped.content) == ("gzip", first.content)


@pytest.mark.parametrize("address", ADDRESSES)
async def test_head_is_get_without_the_body(client, address):
    """The same status and headers."""
    got, head = await client.get(address), await client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == got.headers


@pytest.mark.parametrize("address", [*ADDRESSES, "nulle-part", "questions?x=1"])
async def test_a_page_of_any_other_site_may_read(client, address):
    """CORS without credentials: errors included, or a script would not know what went wrong."""
    response = await client.get(address, headers={"origin": "https://ailleurs.exemple.fr"})
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["access-control-expose-headers"] == "ETag"
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "access-control-allow-credentials" not in response.headers
    assert "set-cookie" not in response.headers


async def test_a_browser_asks_first_and_is_told_yes_for_reading(client):
    """The preflight of a request with If-None-Match; nothing but reading is allowed."""
    asked = {
        "origin": "https://ailleurs.exemple.fr",
        "access-control-request-method": "GET",
        "access-control-request-headers": "if-none-match",
    }
    response = await client.options("questions", headers=asked)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert response.headers["access-control-allow-headers"] == "If-None-Match"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
@pytest.mark.parametrize("address", ADDRESSES)
async def test_nothing_but_reading(client, method, address):
    """405 with what is allowed."""
    response = await client.request(method, address)
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"
    assert response.json()["type"] == "https://suivi.exemple.fr/api#erreur-methode"


WRONG = [
    "questions?x=1",
    "questions?statut=x",
    "questions?statut=",
    "questions?groupe=%20gdr",
    "questions?groupe=gdr&groupe=lfi",
    "questions?" + "&".join(["statut=en-attente"] * 7),
    "questions?legislature=999",
    "questions?legislature=-1",
    "questions?du=2026-02-30",
    "questions?du=0000-01-01",
    "questions?q=" + "a" * 201,
    "questions?q=%20%20",
    "questions?q=" + "a" * 5000,
    "questions?limite=0",
    "questions?limite=201",
    "questions?limite=01",
    "questions?limite=1.0",
    "questions?limite=٣",
    "questions?limite=99999999999999999999999",
    "questions?tri=x",
    "questions?curseur=!",
    "questions?curseur=AAAA",
    "questions?curseur=é",
    "questions?" + "&".join(f"p{n}=1" for n in range(100)),
    "questions/QANR5L17QE13983?x=1",
    "events?apres=-1",
    "events?apres=9223372036854775808",
    "events?apres=1&apres=2",
    "events?limite=501",
    "figures?tri=numero",
    "feeds?section=x",
    "feeds?section=selections",
    "health?x=1",
]


@pytest.mark.parametrize("address", WRONG)
async def test_a_wrong_parameter_is_told(client, address):
    """A stable body in French that says what is wrong; never kept by caches."""
    response = await client.get(address)
    assert response.status_code == 400, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["content-language"] == "fr"
    assert response.headers["cache-control"] == "no-store"
    problem = response.json()
    assert [*problem] == ["type", "title", "status", "detail"]
    assert problem["type"] == "https://suivi.exemple.fr/api#erreur-parametre"
    assert (problem["title"], problem["status"]) == ("Paramètre refusé", 400)
    assert 10 < len(problem["detail"]) < 400


async def test_a_cursor_belongs_to_its_order(client):
    """Asked for with another one, it is refused; by itself it brings its own."""
    page = (await client.get("questions?tri=numero&limite=1")).json()
    cursor = page["suivant"].partition("curseur=")[2]
    assert (await client.get(f"questions?curseur={cursor}")).status_code == 200
    assert (await client.get(f"questions?curseur={cursor}&tri=numero")).status_code == 200
    refused = await client.get(f"questions?curseur={cursor}&tri=publication")
    assert refused.status_code == 409
    assert refused.json()["type"] == "https://suivi.exemple.fr/api#erreur-curseur"
    assert "numero" in refused.json()["detail"]


def coded(text):
    """A cursor with this in it."""
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "AAAAAAAA",
        "AAAAAAAAA",
        coded("publication.739895.17"),
        coded("inconnu.739895.17.1"),
        coded("publication.0.17.1"),
        coded("publication.99999999.17.1"),
        coded("publication.0739895.17.1"),
        coded("numero.1.17.1"),
        coded("publication.739895.9999.1"),
        coded("publication.٧.17.1"),
    ],
)
async def test_a_cursor_that_was_never_given_is_refused(client, cursor):
    """Whatever it holds: 409, and how to go on."""
    response = await client.get(f"questions?curseur={cursor}")
    assert response.status_code == 409
    assert "suivant" in response.json()["detail"]


@pytest.mark.parametrize("address", ["nulle-part", "questions/", "questions/a/b", "questions/x", ""])
async def test_an_address_that_leads_nowhere(client, address):
    """A problem, not a page."""
    response = await client.get(f"https://suivi.exemple.fr/api/v1/{address}")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


async def test_a_failure_tells_nothing_of_the_inside(place):
    """A 500 as a problem, with the security headers; the error itself goes to the logs."""

    class Broken:
        def __getattr__(self, name):
            if name in {"tag_authority", "version", "last_good_check"}:
                return getattr(place.reader, name)
            raise RuntimeError("mot de passe : secret")

    class Place:
        reader = Broken()

    async with client_of(Place()) as client:
        response = await client.get("/api/v1/questions")
        assert response.status_code == 500
        assert response.json()["type"] == "https://suivi.exemple.fr/api#erreur-service"
        assert "secret" not in response.text
        assert response.headers["x-content-type-options"] == "nosniff"
