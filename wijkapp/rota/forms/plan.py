"""What a planner fills in when making a rota."""

from datetime import date

from wijkapp.kit.forms import Choice, Day, Form, Needed, Whole
from wijkapp.kit.words import lazy as _
from wijkapp.rota.service.plans import MOST_WEEKS


class NewPlanForm(Form):
    """For which weeks."""

    first = Day(_("Eerste dag"), validators=[Needed(_("Kies een eerste dag."))])
    weeks = Whole(_("Aantal weken"), least=1, most=MOST_WEEKS)

    @property
    def day(self) -> date:
        """Only of a form that was checked."""
        return self.first.data or date.min


class FallsOutForm(Form):
    """Who cannot, and on which days. Never why."""

    member = Choice(_("Wie kan niet?"), validators=[Needed(_("Kies een collega."))])
    first = Day(_("Eerste dag"), validators=[Needed(_("Kies een eerste dag."))])
    last = Day(_("Laatste dag"), validators=[Needed(_("Kies een laatste dag."))])

    @property
    def days(self) -> tuple[date, date]:
        """Only of a form that was checked."""
        return self.first.data or date.min, self.last.data or date.min
