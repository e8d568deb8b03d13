"""Calls the published Python SDK: one question as JSON on each line of stdin, one answer on each line of stdout."""

import importlib
import json
import os
import re
import sys
import types
import warnings

# The SDK prints to stdout where a token request fails: the protocol keeps a descriptor of its own.
answers = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
sys.stdout = sys.stderr
warnings.simplefilter("ignore")  # both operations are deprecated, and say so at each call


def open_package(name, folder):
    """A package without its __init__, which builds every model of the API and takes ten seconds."""
    package = types.ModuleType(name)
    package.__path__ = [folder]
    sys.modules[name] = package
    return package


def open_sdk():
    import sailpoint

    folder = os.path.join(os.path.dirname(sailpoint.__file__), "beta")
    beta = open_package("sailpoint.beta", folder)
    open_package("sailpoint.beta.api", os.path.join(folder, "api"))
    models = open_package("sailpoint.beta.models", os.path.join(folder, "models"))

    def model(name):
        if name.startswith("__"):
            raise AttributeError(name)
        snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
        return getattr(importlib.import_module(f"sailpoint.beta.models.{snake}"), name)

    models.__getattr__ = model
    beta.models = models
    sailpoint.beta = beta


open_sdk()

from sailpoint.beta.api.managed_clients_api import ManagedClientsApi  # noqa: E402
from sailpoint.beta.api_client import ApiClient  # noqa: E402
from sailpoint.beta.exceptions import ApiException  # noqa: E402
from sailpoint.beta.models.managed_client_status import ManagedClientStatus  # noqa: E402
from sailpoint.configuration import Configuration, ConfigurationParams  # noqa: E402


def client_for(question):
    params = ConfigurationParams()
    params.base_url = question["baseUrl"]
    params.access_token = question["token"] or "none"
    configuration = Configuration(params)
    if question["token"] is None:
        configuration.access_token = None
    if not question["retries"]:
        configuration.retries = False
    return ManagedClientsApi(ApiClient(configuration))


def report_of(report, checked):
    """A report as an application builds it; unchecked is one that goes around the SDK's own validation."""
    return ManagedClientStatus(**report) if checked else ManagedClientStatus.model_construct(**report)


def call(question):
    api = client_for(question)
    if question["operation"] == "getManagedClientStatus":
        return api.get_managed_client_status(id=question["id"], type=question["type"])
    report = report_of(question["report"], not question.get("unchecked", False))
    return api.update_managed_client_status(id=question["id"], managed_client_status=report)


def handed(question):
    try:
        result = call(question)
    except ApiException as error:
        return {
            "kind": "error",
            "error": type(error).__name__,
            "status": error.status,
            "retryAfter": (error.headers or {}).get("Retry-After"),
            "body": error.body,
            "data": None if error.data is None else json.loads(error.data.model_dump_json(by_alias=True)),
        }
    except Exception as error:  # whatever else the SDK raises is what its caller gets
        return {"kind": "error", "error": type(error).__name__, "message": str(error)[:300]}
    if result is None:
        return {"kind": "value", "value": None}
    # Not to_json(): it cannot write the timestamp that the model itself holds.
    return {"kind": "value", "value": json.loads(result.model_dump_json(by_alias=True))}


for line in sys.stdin:
    answers.write(json.dumps(handed(json.loads(line))) + "\n")
