"""Writing organisations."""

import msgspec
from django.db import connection

from espace.identity.facts import Organisation

_PUT = """
INSERT INTO identity_organisation
  (id, name, finess, siret, sector, region, source_ids, active, city, technical_id)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, finess = EXCLUDED.finess, siret = EXCLUDED.siret,
  sector = EXCLUDED.sector, region = EXCLUDED.region, source_ids = EXCLUDED.source_ids, active = EXCLUDED.active,
  city = EXCLUDED.city, technical_id = EXCLUDED.technical_id
"""


def put_organisation(organisation: Organisation) -> None:
    """Add an organisation, or bring it up to date."""
    with connection.cursor() as cursor:
        cursor.execute(
            _PUT,
            [
                organisation.id,
                organisation.name,
                organisation.finess,
                organisation.siret,
                organisation.sector,
                organisation.region,
                msgspec.json.encode(organisation.source_ids).decode(),
                organisation.active,
                organisation.city,
                organisation.technical_id,
            ],
        )
