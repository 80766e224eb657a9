"""The whole CVE Record, as the CVE list keeps it (CVE Record Format 5.1)."""

from typing import Any

from seccon.core.advisory import Advisory
from seccon.core.formats.cna import cna_container, missing
from seccon.core.formats.common import as_json, moment

__all__ = ["cve_record", "missing", "write"]


def write(advisory: Advisory) -> str:
    """Write it as JSON."""
    return as_json(cve_record(advisory))


def cve_record(advisory: Advisory) -> dict[str, Any]:
    """Give the record; call it only where `missing` names nothing."""
    rule = advisory.rule
    about = {"cveId": str(advisory.cve), "assignerOrgId": rule.cna_id, "state": "PUBLISHED"}
    if rule.cna:
        about["assignerShortName"] = rule.cna
    if advisory.recorded and not advisory.draft:  # the record's own day: when the matter became public is `datePublic`
        about["datePublished"] = moment(advisory.recorded)
    return {
        "dataType": "CVE_RECORD",
        "dataVersion": "5.1",
        "cveMetadata": about,
        "containers": {"cna": cna_container(advisory)},
    }
