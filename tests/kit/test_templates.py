"""Templates say what Jinja's own would say."""

import pytest
from flask import Flask
from flask.templating import Environment
from markupsafe import Markup

from wijkapp.kit.templates import PlainEnvironment
from wijkapp.kit.words import lazy

PAGE = """
{%- macro card(one, kind="plain") -%}
  <b class="{{ kind }}">{{ one }}{{ caller() if caller is defined }}</b>
{%- endmacro -%}
{%- for one in things -%}
  {{ loop.index }}{{ card(one) }}{{ card(one, kind=kind) }}{{ loop.cycle("a", "b") }}
  {%- call card(one, **{"kind": one}) %}{{ one|upper }}{{ say(what=one) }}{% endcall %}
  {%- set last -%}<i>{{ one }}</i>{%- endset %}{{ last }}
{%- endfor -%}
{{ none }}{{ 7 }}{{ number }}{{ safe }}{{ safe ~ "<" }}{{ "<"|safe }}{{ later }}
"""


@pytest.fixture
def words():
    return {
        "things": ["<x>", "y & z", Markup("<u>")],
        "kind": '"',
        "say": lambda what: f"[{what}]",
        "none": None,
        "number": 3.5,
        "safe": Markup("<hr>"),
        "later": lazy("<later>"),
    }


def test_a_page_is_what_jinjas_own_environment_makes_of_it(words):
    kinds = (PlainEnvironment, Environment)
    page, own = (kind(Flask("pages"), autoescape=True).from_string(PAGE).render(**words) for kind in kinds)
    assert page == own
    assert "&lt;x&gt;" in page
    assert "<hr>" in page


@pytest.mark.database("sqlite")
def test_nothing_that_a_template_calls_asks_for_its_context(visitor):
    app = visitor().app
    with app.test_request_context():
        shared = app.jinja_env.globals | {}
        app.update_template_context(shared)
        asking = {name for name, one in shared.items() if hasattr(one, "jinja_pass_arg")}
    assert asking <= {"pgettext", "npgettext"}  # which no template of ours says
