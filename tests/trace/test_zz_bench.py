import time
from datetime import UTC, datetime
import pytest
from django.db import connection, transaction
from espace.edge import new_id
from espace.kernel.ids import PatientId
from espace.kernel.words import ActorKind, Purpose, Verb
from espace.trace import actions
from espace.trace.facts import Outcome, TraceEvent
from logbook import sql
pytestmark = pytest.mark.django_db
OLD = """
WITH taken AS (
    DELETE FROM old_pending
    WHERE arrival IN (SELECT arrival FROM old_pending ORDER BY arrival LIMIT %s)
    RETURNING commitment
)
INSERT INTO old_leaf (index, commitment)
SELECT (SELECT coalesce(max(index), -1) FROM old_leaf) + row_number() OVER (ORDER BY commitment), commitment
FROM taken
"""
def test_speed():
    role = connection.settings_dict["USER"]
    sql("CREATE TABLE old_pending (arrival bigserial primary key, commitment bytea)", alias="owner")
    sql("CREATE TABLE old_leaf (index bigint primary key, commitment bytea unique)", alias="owner")
    sql(f'GRANT ALL ON old_pending, old_leaf TO "{role}"', alias="owner")
    sql(f'GRANT USAGE ON SEQUENCE old_pending_arrival_seq TO "{role}"', alias="owner")
    patients = [PatientId(new_id()) for _ in range(400)]
    for n in range(6000):
        actions.append(TraceEvent(patients[n % 400], new_id(), datetime(2026,3,4,tzinfo=UTC), ActorKind.HOLDER, new_id(), "Anne", Purpose.HOLDER, Verb.LIST, Outcome.ALLOWED, "holder_own_record", objects=tuple(new_id() for _ in range(5))))
    sql("INSERT INTO old_pending (commitment) SELECT commitment FROM trace_pending")
    old = new = cnew = 0.0
    best_old = best_new = 9.9
    for _ in range(6):
        t = time.perf_counter()
        with transaction.atomic(durable=True): sql(OLD, 1000)
        d = time.perf_counter() - t; old += d; best_old = min(best_old, d)
        t = time.perf_counter(); c = time.process_time()
        assert actions.sequence(1000) == 1000
        cnew += time.process_time() - c
        d = time.perf_counter() - t; new += d; best_new = min(best_new, d)
    print("old per s", 6000/old, "best", 1000/best_old, "| new per s", 6000/new, "best", 1000/best_new, "cpu us", cnew/6000*1e6)
    sql("DROP TABLE old_pending, old_leaf", alias="owner")
