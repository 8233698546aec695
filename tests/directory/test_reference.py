"""The lists that come with the app."""

from sqlalchemy import func, select

from wijkapp.directory import service
from wijkapp.directory.models import CareProduct, Insurer, Skill
from wijkapp.directory.rules import InsurerStatus


def test_the_lists_load_twice_with_the_same_result(db):
    service.seed_reference(db)
    before = [product.code for product in service.products(db)], len(service.insurers(db))
    service.load_reference_data()
    assert ([product.code for product in service.products(db)], len(service.insurers(db))) == before


def test_what_is_asked_most_comes_first(db):
    service.seed_reference(db)
    assert [product.name for product in service.products(db)][:2] == ["Persoonlijke verzorging", "Verpleging"]
    assert service.skills(db)[0].code == "steunkousen"


def test_every_level_is_one_that_exists(db):
    service.seed_reference(db)
    levels = {*db.scalars(select(CareProduct.min_level)), *db.scalars(select(Skill.min_level))}
    assert levels <= {None, 2, 3, 4, 5, 6}
    assert db.scalar(select(func.count()).where(Skill.reserved_act)) > 5


def test_an_insurer_that_an_admin_corrected_is_left_alone_and_the_others_are_not(db):
    service.seed_reference(db)
    corrected, wrong = db.get_one(Insurer, "3334"), db.get_one(Insurer, "7029")
    corrected.name, corrected.status = "Anderzorg", InsurerStatus.CORRECTED
    wrong.name = "Verschreven"
    db.flush()
    service.seed_reference(db)
    db.expire_all()
    assert corrected.name == "Anderzorg"
    assert wrong.name == "DSW Zorgverzekeraar"
