"""What LightGBM and scikit-learn's histogram boosting make of rows with columns of categories."""

import json
import sys

import lightgbm
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor


def said(model, test, task):
    return (model.predict(test) if task == "regression" else model.predict_proba(test)).ravel().tolist()


def light(case, train, test, categories):
    kind = lightgbm.LGBMRegressor if case["task"] == "regression" else lightgbm.LGBMClassifier
    model = kind(n_estimators=100, verbose=-1, n_jobs=2, monotone_constraints=case.get("monotone"))
    model.fit(train, case["target"], categorical_feature=categories)
    return said(model, test, case["task"])


def histogram(case, train, test, categories):
    kind = HistGradientBoostingRegressor if case["task"] == "regression" else HistGradientBoostingClassifier
    model = kind(early_stopping=False, categorical_features=categories, monotonic_cst=case.get("monotone"))
    return said(model.fit(train, case["target"]), test, case["task"])


def answer(case):
    # The most frequent categories, as many as scikit-learn takes; LightGBM also takes every value as it is.
    raw, coded = ([np.array(case[form][part], dtype=float) for part in ("train", "test")] for form in ("raw", "coded"))
    categories = case["categories"]
    return {
        "lightgbm": light(case, *coded, categories),
        "histogram": histogram(case, *coded, categories),
        "every": light(case, *raw, categories),
    }


with open(sys.argv[1], encoding="utf-8") as file:
    cases = json.load(file)
with open(sys.argv[2], "w", encoding="utf-8") as file:
    json.dump([answer(case) for case in cases], file)
