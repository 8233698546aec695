"""What a wijkregisseur sees of the region, and does: have a provider asked again, close what is solved."""

from wijkapp.oversight.service.fairness import fairness, own_line
from wijkapp.oversight.service.overview import overview
from wijkapp.oversight.service.own import ours
from wijkapp.oversight.service.proposal import accept, proposal
from wijkapp.oversight.service.work import record_outside, work_list

__all__ = ["accept", "fairness", "ours", "overview", "own_line", "proposal", "record_outside", "work_list"]
