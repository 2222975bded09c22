"""What scikit-learn makes of the same rows: coefficients, or predictions of the rows to test on."""

import json
import sys

import numpy as np
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import Lasso, LinearRegression, LogisticRegression, Ridge


def model_of(kind, task, class_weight, seed):
    regression = task == "regression"
    if kind == "none":
        return LinearRegression()
    if kind == "l2":
        return Ridge(alpha=1.0) if regression else LogisticRegression(tol=1e-9, max_iter=20_000, class_weight=class_weight)
    if kind == "l1":
        return Lasso(alpha=0.1, tol=1e-10, max_iter=100_000)
    if kind == "random_forest":
        forest = RandomForestRegressor if regression else RandomForestClassifier
        return forest(n_estimators=100, max_depth=12, random_state=seed, n_jobs=2)
    boosting = HistGradientBoostingRegressor if regression else HistGradientBoostingClassifier
    return boosting(max_iter=100, early_stopping=False, random_state=seed)


def answer(case):
    train, test = (np.array(case[part], dtype=np.float32).astype(float) for part in ("train", "test"))
    target = np.array(case["target"])
    models = [model_of(case["kind"], case["task"], case.get("class_weight"), seed) for seed in case["seeds"]]
    for model in models:
        model.fit(train, target, sample_weight=case.get("weights"))
    if case["kind"] in ("none", "l2", "l1"):
        (model,) = models
        return {"coefficients": np.atleast_2d(model.coef_).tolist(), "intercepts": np.atleast_1d(model.intercept_).tolist()}
    said = [model.predict(test) if case["task"] == "regression" else model.predict_proba(test) for model in models]
    return {"said": [one.ravel().tolist() for one in said]}


with open(sys.argv[1], encoding="utf-8") as file:
    cases = json.load(file)
with open(sys.argv[2], "w", encoding="utf-8") as file:
    json.dump([answer(case) for case in cases], file)
