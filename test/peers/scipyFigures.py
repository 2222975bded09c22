"""SciPy's statistics and p-values for pairs of samples: [statistic, p] by test, or the error as text."""

import json
import math
import sys

import numpy as np
from scipy import stats
from scipy.spatial.distance import jensenshannon


def plain(value):
    value = float(value)
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value


def answer(test):
    try:
        return [plain(value) for value in test()]
    except Exception as error:
        return str(error)[:200]


def of_numbers(a, b):
    a, b = (np.array([value for value in side if value is not None], dtype=float) for side in (a, b))

    def distance(value):
        return [value, math.nan]

    def named(result):
        return [result.statistic, result.pvalue]

    return {
        "ks": answer(lambda: named(stats.ks_2samp(a, b))),
        "ksAsymptotic": answer(lambda: named(stats.ks_2samp(a, b, method="asymp"))),
        "wasserstein": answer(lambda: distance(stats.wasserstein_distance(a, b))),
        "ed": answer(lambda: distance(stats.energy_distance(a, b))),
        "cramer_von_mises": answer(lambda: named(stats.cramervonmises_2samp(a, b))),
        "anderson": answer(lambda: named(stats.anderson_ksamp([a, b], variant="midrank"))),
        "es": answer(lambda: named(stats.epps_singleton_2samp(a, b))),
        "mannw": answer(lambda: named(stats.mannwhitneyu(a, b, alternative="less"))),
        "t_test": answer(lambda: named(stats.ttest_ind(a, b))),
    }


def of_counts(a, b):
    a, b = np.array(a), np.array(b)
    both = np.array([a, b])
    kept = both[:, both.sum(axis=0) > 0]
    figures = {
        "chisquare": answer(lambda: stats.chisquare(kept[1], kept[0] * (kept[1].sum() / kept[0].sum()))),
        "g_test": answer(lambda: stats.power_divergence(kept[1], kept[0], lambda_="log-likelihood")),
        "jensenshannon": answer(lambda: [jensenshannon(a, b), math.nan]),
        "contingency": answer(lambda: stats.chi2_contingency(kept, correction=False)[:2]),
        "kl_div": answer(lambda: [stats.entropy(a, b), math.nan]),
    }
    if len(a) == 2:
        figures["fisher_exact"] = answer(lambda: [math.nan, stats.fisher_exact([[b[0], b[1]], [a[0], a[1]]])[1]])
    return figures


def main(source, target):
    with open(source) as file:
        given = json.load(file)
    with np.errstate(all="ignore"):
        found = {
            "numbers": [of_numbers(a, b) for a, b in given["numbers"]],
            "counts": [of_counts(a, b) for a, b in given["counts"]],
        }
    with open(target, "w") as file:
        json.dump(found, file)


main(sys.argv[1], sys.argv[2])
