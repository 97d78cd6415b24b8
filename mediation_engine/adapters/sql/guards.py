"""The triggers by which the database itself keeps what is append-only as it is: their text, and whether it stands; and
the index that gives no number twice.

A name proves nothing: a trigger of the same name with an empty body guards nothing, and a strange one may swallow or
change what is written. So what stands in the database is compared with what the migrations write, text by text.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from sqlalchemy import Connection, text

from .schema import APPEND_ONLY, metadata

_SAME = {
    "orders": '"case" = NEW."case" AND first = NEW.first',
    "journal": "chain = NEW.chain AND serial = NEW.serial",
    "reads": "serial = NEW.serial",
    "people_erasures": "person = NEW.person",
    "exemptions": "id = NEW.id",
    "frozen_reports": "id = NEW.id",
    "calendar_years": "year = NEW.year AND version = NEW.version",
}
"""What makes a row the same."""
_GAPS = {
    "orders": (
        "NEW.count < 1 OR NEW.first <> coalesce("
        '(SELECT first + count FROM orders WHERE "case" = NEW."case" ORDER BY first DESC LIMIT 1), 1)'
    ),
    "journal": (
        "NEW.serial <> coalesce("
        "(SELECT serial + 1 FROM journal WHERE chain = NEW.chain ORDER BY serial DESC LIMIT 1), 1)"
    ),
}
"""Where an order does not follow on the last one of its case, or an entry on the last one of its chain."""


def _on_sqlite() -> Iterator[tuple[str, str]]:
    """INSERT OR REPLACE would slip past the triggers on UPDATE and DELETE: a third one stops it."""
    for table, gap in _GAPS.items():
        yield (
            f"{table}_no_gap",
            f"BEFORE INSERT ON {table} WHEN {gap} BEGIN SELECT RAISE(ABORT, '{table} are gapless'); END",
        )
    for table in APPEND_ONLY:
        stop = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        yield (
            f"{table}_no_replace",
            f"BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {_SAME[table]}) {stop}",
        )
        yield f"{table}_no_update", f"BEFORE UPDATE ON {table} {stop}"
        yield f"{table}_no_delete", f"BEFORE DELETE ON {table} {stop}"


SQLITE = {name: f"CREATE TRIGGER {name} {rest}" for name, rest in _on_sqlite()}
"""Each trigger's statement, by its name."""
NUMBER_INDEX = "ix_case_list_number"
"""No two cases have one number."""

FUNCTIONS = {
    "append_only": (
        " BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END "
    ),
    **{
        f"{table}_gapless": f" BEGIN IF {gap} THEN RAISE EXCEPTION '{table} are gapless' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END "
        for table, gap in _GAPS.items()
    },
}
"""On PostgreSQL: the bodies of the trigger functions."""
POSTGRESQL = {
    **{
        f"{table}_no_gap": f"BEFORE INSERT ON {{schema}}{table} FOR EACH ROW EXECUTE FUNCTION {table}_gapless()"
        for table in _GAPS
    },
    **{
        f"{table}_append_only": f"BEFORE DELETE OR UPDATE OR TRUNCATE ON {{schema}}{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        for table in APPEND_ONLY
    },
}
"""One for every verb, once a statement, always: also in a session that plays a replica."""


def set_up(connection: Connection) -> None:
    """Put the triggers in force."""
    if connection.dialect.name == "sqlite":
        for statement in SQLITE.values():
            connection.exec_driver_sql(statement)
        return
    for name, body in FUNCTIONS.items():
        statement = f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
        connection.exec_driver_sql(statement.replace("%", "%%"))
    for name, rest in POSTGRESQL.items():
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {rest.format(schema='')}")
        table = rest.partition("{schema}")[2].partition(" ")[0]
        connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def take_down(connection: Connection) -> None:
    """Take away what does not go with the tables."""
    if connection.dialect.name == "postgresql":
        for name in FUNCTIONS:
            connection.exec_driver_sql(f"DROP FUNCTION {name}()")


def unguarded(connection: Connection) -> set[str]:
    """What is not as the migrations wrote it, each in words: triggers missing, changed, out of force, strange ones."""
    found, wanted = {"sqlite": _sqlite, "postgresql": _postgresql}[connection.dialect.name](connection)
    missing = {f"{name} 不见了" for name in wanted.keys() - found.keys()}
    changed = {f"{name} 被换过或停用" for name in wanted.keys() & found.keys() if wanted[name] != found[name]}
    strange = {f"{name} 来历不明" for name in found.keys() - wanted.keys()}
    return missing | changed | strange


Texts = dict[str, str]


def _sqlite(connection: Connection) -> tuple[Texts, Texts]:
    there = f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' OR name = '{NUMBER_INDEX}'"
    found = {row.name: row.sql for row in connection.execute(text(there))}
    return found, SQLITE | {
        NUMBER_INDEX: f"CREATE UNIQUE INDEX {NUMBER_INDEX} ON case_list (number) WHERE matter = 'case'"
    }


def _postgresql(connection: Connection) -> tuple[Texts, Texts]:
    """The triggers and rules on our tables, and the functions the triggers call."""
    schema = f"{connection.execute(text('SELECT current_schema()')).scalar_one()}."
    triggers = connection.execute(text(_TRIGGERS)).all()
    functions = connection.execute(text(_FUNCTIONS), {"names": list(FUNCTIONS)}).all()
    rules = connection.execute(text(_RULES)).scalars().all()
    numbers = connection.execute(text(_NUMBERS)).all()
    found = dict(chain(triggers, functions, numbers, ((rule, "") for rule in rules)))
    wanted = {
        name: f"{schema} A CREATE TRIGGER {name} {rest.format(schema=schema)}" for name, rest in POSTGRESQL.items()
    }
    of_cases = "USING btree (number) WHERE ((matter)::text = 'case'::text)"
    wanted[NUMBER_INDEX] = f"CREATE UNIQUE INDEX {NUMBER_INDEX} ON {schema}case_list {of_cases}"
    return found, wanted | {f"{name}()": f"plpgsql {body}" for name, body in FUNCTIONS.items()}


_OURS = ", ".join(f"to_regclass('{table}')" for table in metadata.tables)
_TRIGGERS = (
    "SELECT tgname, concat(nspname, '. ', tgenabled, ' ', replace(pg_get_triggerdef(pg_trigger.oid), '\"', '')) "
    "FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid JOIN pg_namespace ON pg_namespace.oid = pronamespace "
    f"WHERE tgrelid IN ({_OURS}) AND NOT tgisinternal"
)
"""With the schema of the function each calls: another of the same name may lie in another."""
_FUNCTIONS = (
    "SELECT proname || '()', concat(lanname, ' ', prosrc) FROM pg_proc JOIN pg_language ON pg_language.oid = prolang "
    "WHERE proname = ANY(:names) AND pronamespace = current_schema()::regnamespace"
)
_NUMBERS = f"SELECT indexname, indexdef FROM pg_indexes WHERE indexname = '{NUMBER_INDEX}' AND tablename = 'case_list'"
_RULES = f"SELECT rulename FROM pg_rewrite WHERE ev_class IN ({_OURS}) AND rulename <> '_RETURN'"
