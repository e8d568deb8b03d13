"""Calls the published Python SDK: reads one call as JSON per line from stdin and writes one result per line to stdout."""

import importlib
import json
import os
import re
import sys
import types
import warnings

# The SDK prints to stdout if a token request fails, so results have a descriptor of their own.
results = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
sys.stdout = sys.stderr
warnings.simplefilter("ignore")  # both operations warn at each call that they are deprecated


def open_package(name, folder):
    """Opens a package without its __init__, which imports all models of the API and takes ten seconds."""
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


def client_for(sdk_call):
    params = ConfigurationParams()
    params.base_url = sdk_call["baseUrl"]
    params.access_token = sdk_call["token"] or "none"
    configuration = Configuration(params)
    if sdk_call["token"] is None:
        configuration.access_token = None
    if not sdk_call["retries"]:
        configuration.retries = False
    return ManagedClientsApi(ApiClient(configuration))


def report_of(report, checked):
    """Builds a report as an application does, or without the validation of the SDK."""
    return ManagedClientStatus(**report) if checked else ManagedClientStatus.model_construct(**report)


def call(sdk_call):
    api = client_for(sdk_call)
    if sdk_call["operation"] == "getManagedClientStatus":
        return api.get_managed_client_status(id=sdk_call["id"], type=sdk_call["type"])
    if sdk_call["operation"] == "updateManagedClientStatus":
        report = report_of(sdk_call["report"], not sdk_call.get("unchecked", False))
        return api.update_managed_client_status(id=sdk_call["id"], managed_client_status=report)
    raise ValueError(f"unknown operation: {sdk_call['operation']}")


def result_of(sdk_call):
    try:
        result = call(sdk_call)
    except ApiException as error:
        return {
            "kind": "error",
            "error": type(error).__name__,
            "status": error.status,
            "retryAfter": (error.headers or {}).get("Retry-After"),
            "body": error.body,
            "data": None if error.data is None else json.loads(error.data.model_dump_json(by_alias=True)),
        }
    except Exception as error:  # the caller of the SDK receives any other error as well
        return {"kind": "error", "error": type(error).__name__, "message": str(error)[:300]}
    if result is None:
        return {"kind": "value", "value": None}
    # to_json() cannot serialize the timestamp of its own model.
    return {"kind": "value", "value": json.loads(result.model_dump_json(by_alias=True))}


for line in sys.stdin:
    results.write(json.dumps(result_of(json.loads(line))) + "\n")
