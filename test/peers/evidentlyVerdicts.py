"""Evidently's verdict, score and test name for columns of pairs of tables, or the error that ends its report."""

import json
import math
import sys

import numpy as np
import pandas as pd
from evidently import Report
from evidently.legacy.calculations.stattests import registry
from evidently.metrics import ValueDrift

names = {test.display_name: name for name, kinds in registry._registered_stat_tests.items() for test in kinds.values()}


def read(path):
    return pd.read_parquet(path) if path.endswith(".parquet") else pd.read_csv(path)


def judge(reference, current, column, method, threshold):
    metric = ValueDrift(column=column, method=None if method == "auto" else method, threshold=threshold)
    try:
        found = Report([metric], include_tests=True).run(current, reference).dict()
    except Exception as error:
        return {"error": str(error)[:160]}
    config = found["metrics"][0]["config"]
    score = float(found["metrics"][0]["value"])
    status = found["tests"][0]["status"]
    return {
        "test": names.get(config["method"], config["method"]),
        "threshold": config["threshold"],
        "score": None if math.isnan(score) else score,
        "drift": getattr(status, "value", status) == "FAIL",
    }


def main(source, target):
    with open(source) as file:
        given = json.load(file)
    answers = []
    for table in given:
        reference, current = (read(table[side]) for side in ("reference", "current"))
        if "split" in table:
            reference, current = (
                data.iloc[slice(*table["split"][side])].reset_index(drop=True)
                for side, data in (("reference", reference), ("current", current))
            )
        np.random.seed(0)
        answers.append(
            [judge(reference, current, one["column"], one["test"], one.get("threshold")) for one in table["columns"]]
        )
    with open(target, "w") as file:
        json.dump(answers, file)


main(sys.argv[1], sys.argv[2])
