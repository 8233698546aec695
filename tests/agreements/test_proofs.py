"""What a point shows beside words: a version of a document, or a paper of a party."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.agreements.making import COOPERATION, Three, admins_of, in_force, three, written
from tests.matching.make import Make, Town
from wijkapp.agreements.models import Item, State, Version
from wijkapp.agreements.register import ItemStatus, ProofKind
from wijkapp.agreements.service import offering, parties, points, signing
from wijkapp.agreements.service.points import Said
from wijkapp.agreements.service.proofs import Pointer
from wijkapp.kit import time
from wijkapp.kit.crypto import MasterKey, new_key
from wijkapp.kit.errors import Invalid
from wijkapp.people.models import Account, OrganisationPaper
from wijkapp.people.rules import PaperKind, PaperState
from wijkapp.people.service import papers


@pytest.fixture(autouse=True)
def _key():
    signing.use(MasterKey(new_key()))


@pytest.fixture
def made(make: Make, town: Town) -> Three:
    return three(town, admins_of(make, town))


def _item(db: Session, made: Three) -> Item:
    found = select(Item).where(Item.agreement_id == made.agreement_id, Item.code == "step_3.new_requests")
    return db.scalars(found).one()


def _paper(db: Session, admin: Account, kind: PaperKind = PaperKind.INSURANCE) -> Pointer:
    papers.save_papers(admin, {kind: time.today() + timedelta(days=30)})
    own = OrganisationPaper.organisation_id == admin.organisation_id
    its_id = db.scalars(select(OrganisationPaper.id).where(own, OrganisationPaper.kind == kind)).one()
    return Pointer(ProofKind.PAPER, its_id)


def _version(db: Session, made: Three) -> Version:
    written(made)
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    return db.scalars(select(Version)).one()


def _show(actor: Account, made: Three, item_id: UUID, shows: Pointer | None) -> None:
    points.say(actor, made.agreement_id, item_id, Said(ItemStatus.DONE, shows=shows))


def _can_show(actor: Account, made: Three, item: Item) -> set[Pointer]:
    return {one.pointer for one in points.point_page(actor, made.agreement_id, item.id).can_show}


def _row(db: Session, actor: Account, made: Three, item: Item) -> points.Row:
    db.expire_all()
    return points.point_page(actor, made.agreement_id, item.id).rows[0]


def test_a_point_shows_a_version_until_something_else_is_chosen(db, made):
    item, oost = _item(db, made), made.admins[0]
    version = _version(db, made)
    _show(oost, made, item.id, Pointer(ProofKind.VERSION, version.id))
    shown = _row(db, oost, made, item).shown
    assert (shown.kind, shown.number, shown.state) == (COOPERATION, 1, State.OFFERED)
    _show(oost, made, item.id, _paper(db, oost))
    assert _row(db, oost, made, item).shown.state is PaperState.SOON
    _show(oost, made, item.id, None)
    row = _row(db, oost, made, item)
    assert (row.shown, row.proof_is_gone) == (None, False)


def test_a_paper_that_is_gone_leaves_a_notice_until_the_point_is_said_again(db, made):
    item, (oost, west, _zuid) = _item(db, made), made.admins
    _show(oost, made, item.id, _paper(db, oost))
    shown = _row(db, west, made, item).shown
    assert (shown.kind, shown.organisation, shown.state) == (PaperKind.INSURANCE, "Oost", PaperState.SOON)
    papers.save_papers(oost, {PaperKind.INSURANCE: None})
    row = _row(db, west, made, item)
    assert (row.shown, row.proof_is_gone) == (None, True)
    points.tick(west, made.agreement_id, item.id)
    assert _row(db, west, made, item).proof_is_gone
    _show(west, made, item.id, None)
    assert not _row(db, west, made, item).proof_is_gone


def test_only_papers_of_the_own_organisation_and_documents_of_the_agreement_can_be_chosen(
    db, make, town, made
):
    item, (oost, west, _zuid) = _item(db, made), made.admins
    paper = _paper(db, oost)
    version = Pointer(ProofKind.VERSION, _version(db, made).id)
    assert _can_show(oost, made, item) == {paper, version}
    assert _can_show(west, made, item) == _can_show(made.coordinator, made, item) == {version}
    for actor in (west, made.coordinator):
        with pytest.raises(Invalid) as wrong:
            _show(actor, made, item.id, paper)
        assert set(wrong.value.fields) == {"shows"}
    _show(oost, made, item.id, paper)
    _show(west, made, item.id, paper)  # what it shows already may stay
    assert _row(db, west, made, item).shown.pointer == paper
    another = three(town, (oost,), title="Elders")
    with pytest.raises(Invalid):
        points.say(oost, another.agreement_id, _item(db, another).id, Said(ItemStatus.DONE, shows=version))


def test_a_party_that_leaves_takes_its_paper_along_and_the_others_keep_theirs(db, made):
    item, (oost, west, _zuid) = _item(db, made), made.admins
    _show(oost, made, item.id, _paper(db, oost))
    other = db.scalars(select(Item).where(Item.agreement_id == made.agreement_id, Item.id != item.id)).first()
    _show(west, made, other.id, _paper(db, west))
    own = parties.parties_page(oost, made.agreement_id).hands.own
    parties.leave(oost, made.agreement_id, own.id)
    assert _row(db, west, made, item).proof_is_gone
    assert _row(db, west, made, other).shown.organisation == "West"


def test_a_version_that_was_taken_back_is_chosen_no_more(db, made):
    item, oost = _item(db, made), made.admins[0]
    version = Pointer(ProofKind.VERSION, _version(db, made).id)
    offering.take_back(made.coordinator, made.agreement_id, COOPERATION)
    assert _can_show(oost, made, item) == set()
    with pytest.raises(Invalid):
        _show(oost, made, item.id, version)


@pytest.mark.database("sqlite")
def test_the_pages_show_a_link_a_day_or_that_it_is_gone(db, make, town, visitor):
    made = in_force(make, town)
    item, (oost, west, _zuid) = _item(db, made), made.admins
    here = f"/afspraken/{made.agreement_id}"
    mine, theirs = visitor(oost), visitor(west)
    wrong = mine.post(
        f"{here}/punten/{item.id}", data={"status": "done", "evidence": "Zie daar.", "shows": "paper:x"}
    )
    assert wrong.status_code == 422
    assert "Zie daar." in wrong.text
    version = Pointer(ProofKind.VERSION, db.scalars(select(Version.id)).one())
    sent = {"status": "done", "evidence": "", "shows": str(version)}
    assert mine.post(f"{here}/punten/{item.id}", data=sent).status_code == 302
    link = f'href="{here}/documenten/cooperation/versies/1"'
    for path in ("", "/lijsten/step_3", f"/punten/{item.id}"):
        assert link in theirs.get(here + path).text, path
    paper = str(_paper(db, oost))
    assert mine.post(f"{here}/punten/{item.id}", data=sent | {"shows": paper}).status_code == 302
    assert 'href="/organisatie/bewijzen"' in mine.get(f"{here}/lijsten/step_3").text
    seen = theirs.get(f"{here}/lijsten/step_3").text
    assert "Verzekering van Oost" in seen
    assert 'href="/organisatie/bewijzen"' not in seen
    papers.save_papers(oost, {PaperKind.INSURANCE: None})
    db.expire_all()
    assert "het bewijs is weg" in theirs.get(f"{here}/lijsten/step_3").text
    assert (
        "Het document of bewijs dat hier stond, is er niet meer."
        in theirs.get(f"{here}/punten/{item.id}").text
    )
