"""Assembles the employer pages into one blueprint."""

from flask import Blueprint

blueprint = Blueprint("employer", __name__, url_prefix="/employer")
