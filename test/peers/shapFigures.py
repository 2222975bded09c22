"""Shapley values of given trees by the shap package, as JSON."""
import json
import sys

import numpy
from shap import TreeExplainer


def tree(given):
    return {
        "children_left": numpy.array(given["left"]),
        "children_right": numpy.array(given["right"]),
        "children_default": numpy.where(numpy.array(given["missing"]) == 1, given["left"], given["right"]),
        "features": numpy.array(given["feature"]),
        "thresholds": numpy.array(given["threshold"], dtype=float),
        "values": numpy.array(given["values"], dtype=float).reshape(len(given["left"]), -1),
        "node_sample_weight": numpy.array(given["cover"], dtype=float),
    }


def explain(case):
    rows = numpy.array([[numpy.nan if value is None else value for value in row] for row in case["rows"]])
    explainer = TreeExplainer({"trees": [tree(one) for one in case["trees"]]}, feature_perturbation="tree_path_dependent")
    values = numpy.asarray(explainer.shap_values(rows, check_additivity=False))
    return {"base": numpy.ravel(explainer.expected_value).tolist(), "values": values.reshape(len(rows), -1).tolist()}


with open(sys.argv[1]) as source:
    answer = [explain(case) for case in json.load(source)]
with open(sys.argv[2], "w") as target:
    json.dump(answer, target)
