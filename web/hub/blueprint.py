"""The blueprint of the hub's desk, apart from the pages so that nothing goes in circles."""

from flask import Blueprint

blueprint = Blueprint("hub", __name__, url_prefix="/desk")
