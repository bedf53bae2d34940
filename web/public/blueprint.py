"""The blueprint of the public pages, apart from the pages so that nothing goes in circles."""

from flask import Blueprint

blueprint = Blueprint("public", __name__)
