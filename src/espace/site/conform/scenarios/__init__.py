"""The scenarios, in the order in which they are played: one table a family."""

from espace.site.conform.facts import Scenario
from espace.site.conform.scenarios import (
    fhir_deposits,
    fhir_refusals,
    fhir_use,
    hl7v2,
    national,
    soap,
    soap_links,
    soap_queries,
    soap_refusals,
    vihf,
    xdm,
)

SCENARIOS: tuple[Scenario, ...] = (
    *fhir_deposits.SCENARIOS,
    *fhir_refusals.SCENARIOS,
    *fhir_use.SCENARIOS,
    *soap.SCENARIOS,
    *soap_links.SCENARIOS,
    *soap_queries.SCENARIOS,
    *soap_refusals.SCENARIOS,
    *vihf.SCENARIOS,
    *xdm.SCENARIOS,
    *hl7v2.SCENARIOS,
    *national.SCENARIOS,
)
