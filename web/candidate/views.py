"""Assembles the candidate pages into one blueprint."""

from flask import Blueprint

blueprint = Blueprint("candidate", __name__, url_prefix="/candidate")
