"""The address of what describes a format; it is the same for everybody."""

from __future__ import annotations

from flask import Blueprint, Response

from facilitator.reports.formats.data import schema

blueprint = Blueprint("formats", __name__)


@blueprint.get("/report.schema.json")
def report_schema() -> Response:
    return Response(schema(), content_type="application/schema+json")
