"""Assembles the hub pages into one blueprint."""

from flask import Blueprint

blueprint = Blueprint("hub", __name__, url_prefix="/desk")
