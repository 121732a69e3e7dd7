"""Compares answers about causes with those of statsmodels, SciPy and NumPy.

A line of the input is JSON: the kind of the question, what was asked, and our answers; an answer
that there is none is null. A line of the output is a disagreement: the number of the line of the
input, the kind, what was asked, our answers and theirs. The last line counts the lines by kind.
"""

import collections
import hashlib
import json
import math
import sys
import warnings

import numpy as np
from scipy import stats
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from statsmodels.stats.rates import test_poisson_2indep

# Where both raters use one category, and where a rate is 0, the libraries divide by 0 and warn.
warnings.simplefilter("ignore")
np.seterr(all="ignore")

# The error of kappa is the root of a difference of rounding where it should be 0.
NOTHING = 1e-6


def kappa(pairs, _):
    table = np.zeros((6, 6))
    for first, second in pairs:
        table[first, second] += 1
    observed = np.trace(table) / table.sum()
    if np.count_nonzero(table.sum(0) + table.sum(1)) == 1:
        return [observed, None, None, None, None]
    theirs = cohens_kappa(table)
    if not theirs.std_kappa > NOTHING:
        return [observed, theirs.kappa, None, None, None]
    low, high = max(theirs.kappa_low, -1), min(theirs.kappa_upp, 1)
    return [observed, theirs.kappa, theirs.std_kappa, low, high]


def wilson(share, _):
    return list(proportion_confint(*share, alpha=0.05, method="wilson"))


def difference(before, after):
    low, high = confint_proportions_2indep(*after, *before, compare="diff", method="newcomb")
    return [max(low, -1), min(high, 1)]


def newcombe(asked, _):
    before, after = asked
    return [after[0] / after[1] - before[0] / before[1]] + difference(before, after)


def trend(asked, _):
    periods, now = asked
    total = lambda some: [sum(met for met, _ in some), sum(of for _, of in some)]
    return difference(total(periods[:-now]), total(periods[-now:]))


def ratio(asked, _):
    before, after = asked
    exposure = before[1] / after[1]
    # Of all cases in both windows, how many came after: the interval of Clopper and Pearson.
    low, high = proportion_confint(after[0], before[0] + after[0], alpha=0.05, method="beta")
    low = low / (1 - low) * exposure
    if before[0] == 0:
        return [None, low, None]
    return [after[0] / before[0] * exposure, low, high / (1 - high) * exposure]


def tails(asked, _):
    (before, after), low, high = asked

    def beyond(bound, side):
        test = test_poisson_2indep(
            *after, *before, value=bound, method="exact-cond", compare="ratio", alternative=side)
        return float(test.pvalue)

    return [
        beyond(low, "larger") if after[0] else None,
        None if high is None else beyond(high, "smaller"),
    ]


def spread(values, _):
    percents = [0, 25, 50, 75, 90, 100]
    return [int(value) for value in np.percentile(values, percents, method="inverted_cdf")]


def draw(asked, _):
    commitment, number, percent = asked
    recipe = b"heard/draw/v1" + b"\0" + bytes.fromhex(commitment) + number.to_bytes(4, "big")
    drawn = int.from_bytes(hashlib.sha256(recipe).digest()[:8], "big")
    return [drawn, int(drawn * 100 < percent * 2**64)]


def sample(asked, ours):
    percent, of = asked
    interval = stats.binomtest(ours[0], of, percent / 100).proportion_ci(0.9999, "exact")
    return ours if interval.low <= percent / 100 <= interval.high else [math.nan]


def occurrences(_, ours):
    return ours if stats.chisquare(ours).pvalue > 0.0001 else [math.nan]


ASK = {
    "kappa": kappa,
    "wilson": wilson,
    "newcombe": newcombe,
    "trend": trend,
    "ratio": ratio,
    "tails": tails,
    "spread": spread,
    "draw": draw,
    "sample": sample,
    "bytes": occurrences,
}


def is_same(one, other):
    if one is None or other is None:
        return one is other
    if isinstance(one, int) and isinstance(other, int):
        return one == other
    return math.isclose(one, other, rel_tol=1e-8, abs_tol=1e-9)


counted = collections.Counter()
for number, line in enumerate(sys.stdin):
    question = json.loads(line)
    kind, asked, ours = question["kind"], question["asked"], question["ours"]
    counted[kind] += 1
    theirs = ASK[kind](asked, ours)
    if len(ours) != len(theirs) or not all(map(is_same, ours, theirs)):
        print(number, kind, json.dumps(asked), json.dumps(ours), theirs)
print(json.dumps(counted))
