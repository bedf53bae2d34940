"""Assembles the provider pages into one blueprint."""

from flask import Blueprint

blueprint = Blueprint("provider", __name__, url_prefix="/provider")
