"""The public page of a wijk: for anybody, with no person on it and no figures unless the wijk wants that."""

import json
import re
from dataclasses import replace

import pytest
import typst

from wijkapp.agreements import service as agreements
from wijkapp.agreements.rules import DEFAULTS
from wijkapp.capacity import poster
from wijkapp.capacity.rules import Light
from wijkapp.capacity.service import public
from wijkapp.kit import documents
from wijkapp.kit.errors import NotFound
from wijkapp.people.rules import OrganisationKind, Role


@pytest.fixture
def wijk(make):
    return make.wijk("Lunetten", pc4=["3524"], code="WK034401")


@pytest.fixture
def shows_figures(monkeypatch):
    """The wijk agreed that everybody may see where there is a place."""
    agreed = replace(DEFAULTS, public_figures=True)
    monkeypatch.setattr(public, "terms_for", lambda *_where: agreed)
    assert agreements.terms_for  # the door that every room asks


def works_in(make, wijk, name="Thuiszorg Oost", kind=OrganisationKind.HOME_CARE, **figure):
    """An organisation with a team there."""
    organisation = make.organisation(name, kind, phone="+31301234567")
    team = make.team(organisation, wijk)
    if figure:
        make.capacity(team, **figure)
    return organisation


def test_it_names_organisations_with_their_phone_and_care(make, wijk):
    make.product()
    works_in(make, wijk)
    page = public.public_wijk(wijk.code)
    [one] = page.providers
    assert (one.name, one.phone, [care.name for care in one.care]) == (
        "Thuiszorg Oost",
        "+31301234567",
        ["Verpleging"],
    )
    assert page.pc4s == ["3524"]


def test_nobody_who_works_there_is_named(make, wijk, visitor):
    make.product()
    oost = works_in(make, wijk)
    nurse = make.account(oost, Role.NURSE, name="Samira Wolderink", phone="+31612345678")
    make.contact(nurse, wijk)
    page = visitor().get(f"/wijk/{wijk.code}").text
    assert "Thuiszorg Oost" in page
    assert "Wolderink" not in page
    assert "31612345678" not in page


def test_a_zzper_is_counted_and_only_named_after_a_yes(make, wijk):
    make.product()
    yara = works_in(make, wijk, "Yara Benali, zzp", OrganisationKind.SOLO)
    page = public.public_wijk(wijk.code)
    assert (page.providers, page.unnamed) == ([], 1)

    yara.on_public_page = True
    make.db.flush()
    page = public.public_wijk(wijk.code)
    assert ([one.name for one in page.providers], page.unnamed) == (["Yara Benali, zzp"], 0)


def test_an_organisation_that_does_not_want_to_be_named_is_not(make, wijk):
    make.product()
    works_in(make, wijk).on_public_page = False
    make.db.flush()
    assert public.public_wijk(wijk.code).providers == []


def test_no_light_unless_the_wijk_agreed_on_it(make, wijk):
    works_in(make, wijk, places=3)
    [one] = public.public_wijk(wijk.code).providers
    assert [(care.light, care.from_date) for care in one.care] == [(None, None)]


def test_a_wijk_that_agreed_on_it_shows_lights_and_never_a_number(make, wijk, visitor, shows_figures):
    works_in(make, wijk, "Oost", places=7)
    works_in(make, wijk, "West", places=0)
    found = {one.name: one.care[0].light for one in public.public_wijk(wijk.code).providers}
    assert found == {"Oost": Light.FREE, "West": Light.FULL}
    page = visitor().get(f"/wijk/{wijk.code}").text
    assert ">plek</span>" in page
    assert "7 plekken" not in page


def test_of_two_teams_the_one_with_room_counts(make, wijk, shows_figures):
    first = works_in(make, wijk, places=0)
    make.capacity(make.team(first, wijk, "Avond"), places=3)
    [one] = public.public_wijk(wijk.code).providers
    assert [care.light for care in one.care] == [Light.FREE]


@pytest.mark.parametrize("code", ["WK999999", "wk034401", "x", "WK0344011", "👩", "a%00b"])
def test_a_wijk_that_is_not_there_is_a_page_that_says_so(visitor, wijk, code):
    for path in (f"/wijk/{code}", f"/wijk/{code}/poster.pdf"):
        assert visitor().get(path).status_code == 404
    with pytest.raises(NotFound):
        public.public_wijk(code)


def test_a_stranger_gets_no_cookie_and_no_script(wijk, visitor):
    page = visitor().get(f"/wijk/{wijk.code}")
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    assert "<script" not in page.text
    assert not re.search(r'(src|href)="https?:', page.text)


def test_search_engines_may_keep_these_pages_and_no_other(wijk, visitor):
    assert "X-Robots-Tag" not in visitor().get(f"/wijk/{wijk.code}").headers
    for path in ("/inloggen", "/privacy/bewaren", "/geheim"):
        assert visitor().get(path).headers["X-Robots-Tag"] == "noindex, nofollow", path
    assert visitor().get("/robots.txt").text.splitlines()[1:] == [
        "Allow: /wijk/",
        "Allow: /static/",
        "Disallow: /",
    ]


def test_the_poster_is_a_pdf(make, wijk, visitor):
    make.product()
    works_in(make, wijk)
    answer = visitor().get(f"/wijk/{wijk.code}/poster.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")


@pytest.mark.database("sqlite")
def test_the_poster_stays_one_page_with_many_and_long_names(make, wijk, monkeypatch):
    drawn = {}
    monkeypatch.setattr(documents, "pdf", lambda template, values: drawn.update({template: values}))
    make.product()
    for number in range(30):
        works_in(make, wijk, f"Stichting voor wijkverpleging en thuiszorg Midden-Nederland {number}")
    poster.poster(
        public.public_wijk(wijk.code), "https://zorg-in-de-wijk.voorbeeldgemeente.example/wijk/WK034401"
    )
    [(template, values)] = drawn.items()
    assert values["more"] == 30 - poster.MOST_ORGANISATIONS
    pages = typst.compile(
        str(documents.TEMPLATES / template),
        root=str(documents.TEMPLATES),
        sys_inputs={"values": json.dumps(values)},
        format="svg",
    )
    assert isinstance(pages, bytes)  # of more pages it is a list


def test_the_picture_to_scan_is_square_with_a_quiet_edge():
    drawn = poster.qr("https://wijk.example/wijk/WK034401")
    size = int(re.search(r'viewBox="0 0 (\d+)', drawn)[1])
    places = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1", drawn)}
    assert min(x for x, _y in places) == min(y for _x, y in places) == 4
    assert max(x for x, _y in places) == size - 5
    # The three corners by which a phone finds it; all else is the library's work.
    assert {(4, 4), (size - 5, 4), (4, size - 5)} <= places


def test_the_admin_decides_whether_the_organisation_is_named(make, wijk, visitor):
    yara = works_in(make, wijk, "Yara Benali, zzp", OrganisationKind.SOLO)
    admin = visitor(make.account(yara, Role.ADMIN))
    assert 'name="on_public_page" type="checkbox" value="y">' in admin.get("/organisatie").text
    admin.post("/organisatie", {"name": "Yara", "wtza_status": "unknown", "on_public_page": "y"})
    make.db.refresh(yara)
    assert yara.on_public_page is True
    admin.post("/organisatie", {"name": "Yara", "wtza_status": "unknown"})
    make.db.refresh(yara)
    assert yara.on_public_page is False
