"""Forms of the fairness lab: each needs a reason, which is kept in the trail."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from web.kit.forms import Form, at_most, required


class ReasonForm(Form):
    """Why a model is held, released or rolled back."""

    reason = TextAreaField(_l("Why"), [required(), at_most(500)], description=_l("It is kept in the trail."))
