"""Whether the person's side may speak: enough answers, and better than the share of yes on answers left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.ranking import calibration
from matcher.ranking.certainty import error_between
from matcher.ranking.evaluate import paired_t
from matcher.ranking.logistics import Floats
from matcher.ranking.ranker import Ranker
from matcher.ranking.two_sides import BASE_ROWS, PRIOR_ROWS, Accepts, TwoSided, documented

MIN_ANSWERS = int(PRIOR_ROWS)  # from here on the answers speak louder than the documented sum
MIN_EACH = 10  # of a yes and of a no
FOLDS = 5
ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Answers:
    """Answered offers and invitations as numbers: columns (8, n), role (n,), and 1 for a yes, 0 for a no (n,).

    Roles are counted from 0, as those of the judged pairs are: every FOLDS-th is left out together.
    """

    columns: Floats
    role: NDArray[np.intp]
    accepted: Floats


@dataclass(frozen=True, slots=True)
class Side:
    """The person's side, None where it may not speak, and why: `two_sided`, `too_few_answers` or `no_gain`.

    Whoever joins it to an employer's side may find `costs_order`: together they would rank worse than stage 0.
    """

    accepts: Accepts | None
    outcome: str
    figures: Mapping[str, Any]


def decide(answers: Answers) -> Side:
    """The person's side where it earns a say.

    It needs MIN_ANSWERS answers with MIN_EACH of both kinds, and at p < .05 (paired by role) a lower log loss on
    answers about roles left out (grouped folds) than the share of yes alone: a side that knows nothing about people
    would only blur the order.
    """
    count, yes = len(answers.accepted), int(answers.accepted.sum())
    figures: dict[str, Any] = {"answers": count, "accepted": yes, "declined": count - yes}
    if count < MIN_ANSWERS or min(yes, count - yes) < MIN_EACH or len(set((answers.role % FOLDS).tolist())) < 2:
        return Side(None, "too_few_answers", figures)
    said, common = left_out(answers)
    losses, before = (losses_by_role(chances, answers) for chances in (said, common))
    gain, p = paired_t(before.tolist(), losses.tolist())
    figures |= {"loss": float(losses.mean()), "loss_common": float(before.mean()), "p": p, **measured(said, answers)}
    if gain <= 0.0 or p >= ALPHA:
        return Side(None, "no_gain", figures)
    return Side(Accepts().fit_columns(answers.columns, answers.accepted), "two_sided", figures)


def joined(employer: Ranker, side: Side, columns: Floats) -> Ranker:
    """Both sides as one ranker, sized by the pairs learned from (8, n); the employer's alone where the other is out."""
    return employer if side.accepts is None else TwoSided(employer, side.accepts).sized(columns)


def measured(said: Floats, answers: Answers) -> dict[str, Any]:
    """Said beside seen on answers left out: the points of a plot, calibration error with its interval, Brier score."""
    error = error_between(said, answers.accepted, answers.role)
    return {"points": [list(point) for point in calibration.calibration_curve(said, answers.accepted)],
            "ece": error.value, "between": error.plain(), "brier": calibration.brier(said, answers.accepted)}


def left_out(answers: Answers) -> tuple[Floats, Floats]:
    """For each answer (n,): what a model that never saw its role says, and how common a yes was among the others."""
    common, fold = np.zeros(len(answers.accepted)), answers.role % FOLDS
    for number in sorted(set(fold.tolist())):
        known = answers.accepted[fold != number]
        middle = float(documented(answers.columns[:, fold != number]).mean())
        common[fold == number] = (BASE_ROWS * middle + float(known.sum())) / (BASE_ROWS + len(known))
    return unseen(answers, answers.columns, answers.role), common


def unseen(answers: Answers, columns: Floats, role: NDArray[np.intp]) -> Floats:
    """What the person's side says of pairs (8, n) when it has not learned from answers about their roles (n,)."""
    said = np.zeros(len(role))
    for number in range(FOLDS):
        held, known = role % FOLDS == number, answers.role % FOLDS != number
        if held.any():
            side = Accepts()
            if known.any():
                side.fit_columns(answers.columns[:, known], answers.accepted[known])
            said[held] = side.chance(columns[:, held])
    return said


def losses_by_role(chances: Floats, answers: Answers) -> Floats:
    """For each role the mean of -ln(the chance that was given to what a person answered), (roles,)."""
    losses = -np.log(np.where(answers.accepted > 0.5, chances, 1.0 - chances))
    _, role = np.unique(answers.role, return_inverse=True)
    return np.asarray(np.bincount(role, losses) / np.bincount(role), dtype=np.float64)
