"""Assembles the workforce pages into one blueprint."""

from flask import Blueprint

blueprint = Blueprint("workforce", __name__, url_prefix="/workforce")
