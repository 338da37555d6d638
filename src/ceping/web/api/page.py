"""The interface described: the OpenAPI document for programs, and the same as a page for who writes them."""

from functools import cache
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ceping.stages.points.actions import MOST_EVENTS
from ceping.stages.points.states import Scope
from ceping.web.api.body import MOST_BYTES
from ceping.web.api.interface import api
from ceping.web.api.keys import MOST_REQUESTS, SECONDS
from ceping.web.ui.door import door

_WORDS = {"string": "文本", "integer": "整数", "boolean": "true 或 false", "array": "列表", "object": "对象"}


@require_safe
@door(public=True)
def document(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001 -- as every view
    """OpenAPI 3.1."""
    return JsonResponse(_document(), json_dumps_params={"ensure_ascii": False})


@require_safe
@door(public=True)
def page(request: HttpRequest) -> HttpResponseBase:
    """Every operation with its fields, its answers, and the limits."""
    shown = {
        "operations": _operations(),
        "limits": {
            "events": MOST_EVENTS,
            "megabytes": MOST_BYTES // 2**20,
            "requests": MOST_REQUESTS,
            "seconds": SECONDS,
        },
        "scopes": [(scope.value, scope.label) for scope in Scope],
        "crumbs": [("接口说明", "")],
    }
    return render(request, "api/page.html", shown)


@cache
def _document() -> dict[str, Any]:
    # The prefix is where the table of addresses puts it.
    made: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=reverse("api:page")))
    schemes = made["components"].get("securitySchemes", {})
    # All keys are of one kind; which scope an operation wants is said in words.
    made["components"]["securitySchemes"] = {"Key": next(iter(schemes.values()))} if schemes else {}
    return made


@cache
def _operations() -> list[dict[str, Any]]:
    described = _document()
    found = []
    for path, methods in described["paths"].items():
        for method, one in methods.items():
            body = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            answer = one["responses"].get(200, {}).get("content", {}).get("application/json", {}).get("schema")
            found.append(
                {
                    "id": one["operationId"],
                    "method": method.upper(),
                    "path": path,
                    "summary": one["summary"],
                    "description": one.get("description", ""),
                    "open": not one.get("security"),
                    "parameters": [
                        _field(item["name"], item["schema"], item["required"]) for item in one["parameters"]
                    ],
                    "body": _fields(described, body),
                    "answer": _fields(described, answer),
                    "statuses": sorted(one["responses"]),
                }
            )
    return found


def _fields(described: dict[str, Any], schema: dict[str, Any] | None, prefix: str = "") -> list[dict[str, Any]]:
    """The fields of a shape, those of the shapes in it below it."""
    if schema is None:
        return []
    shape = _resolved(described, schema)
    found = []
    for name, one in shape.get("properties", {}).items():
        found.append(_field(prefix + name, one, name in shape.get("required", [])))
        if one.get("type") == "array" and "$ref" in one["items"]:
            found += _fields(described, one["items"], f"{prefix}{name}[].")
    return found


def _resolved(described: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    shape: dict[str, Any] = described["components"]["schemas"][name] if name else schema
    return shape


def _field(name: str, schema: dict[str, Any], required: object) -> dict[str, Any]:
    kinds = [one.get("type", "") for one in schema.get("anyOf", [schema])]
    return {
        "name": name,
        "kind": "、".join(_WORDS[kind] for kind in kinds if kind in _WORDS),
        "required": required,
        "description": schema.get("description", ""),
    }
