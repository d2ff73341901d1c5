"""Three roles of the database, each with what it needs and no more, as SQL.

The owner makes the tables (`manage.py migrate`) and gives rights; the app reads and writes rows; the reader
sees what public pages show. Every table stands in one of the lists below, or the test of the roles fails.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from psycopg import sql

# What the app may not change or delete; the columns are those that a removal on legal request blacks out.
APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "articles_articleversion": ("title", "text", "raw", "edit_note"),
    "articles_removal": (),
    "events_decision": ("reason", "before", "after"),
}
# Written by a trigger in the owner's name, so that nobody writes into it by hand.
HISTORY: dict[str, tuple[str, ...]] = {"core_change": ("before", "after", "why")}
# What the app only reads.
MIGRATIONS = "django_migrations"
# What public pages are made of.
READABLE = frozenset(
    (
        *("actors_actor", "actors_alias", "actors_relation", "actors_role"),
        *("annotations_annotation", "annotations_candidate", "annotations_claimcandidate"),
        *("annotations_mention", "annotations_storyevent"),
        *("articles_article", "articles_articleversion", "articles_signature", "articles_story"),
        *("events_claim", "events_correction", "events_correction_claims", "events_decision"),
        *("events_event", "events_evidence", "events_link", "events_participation"),
        *("events_secondcoding", "places_place"),
        *("signals_party", "signals_signal", "signals_signalfile", "signals_signalsource"),
        *("signals_spot", "timelines_signalcount", "timelines_signalrun"),
        *("sources_feed", "sources_feedday", "sources_feedpoll", "sources_source"),
        *("timelines_dayrollup", "timelines_dyad", "timelines_dyad_side_a"),
        *("timelines_dyad_side_b", "timelines_entry", "timelines_entryrun"),
        *("timelines_membership", "timelines_snapshot", "timelines_timeline"),
        *("timelines_timeline_actors", "timelines_timeline_feeds", "timelines_timeline_places"),
        "timelines_touch",
    )
)
# Of these, columns: who decided is named, and pages tell by the history whether anything changed.
READABLE_COLUMNS: dict[str, tuple[str, ...]] = {
    "accounts_user": (
        *("id", "username", "first_name", "last_name"),
        *("is_superuser", "is_staff", "is_active", "date_joined"),
    ),
    "django_admin_log": ("id",),
    "core_change": (
        "id",
        "at",
        "table",
        "row_id",
        "owner_table",
        "owner_id",
        "former_owner_id",
        "op",
    ),
}
# What people, sessions, secrets and the desk are made of: not for the reader.
PRIVATE = frozenset(
    (
        *("actors_aliassuggestion", "core_change"),
        *("articles_intakebatch", "articles_intakeitem", "articles_refetch", "articles_removal"),
        *("events_assembly", "events_deskitem", "events_placement", "events_rarity"),
        *("events_sourcechange", "sources_host", "sources_listedentry"),
        *("timelines_apicalls", "timelines_dossierrecord", "timelines_notice"),
        "timelines_savedview",
    )
)
# Those of other packages, by how their names begin; none is for the reader.
OTHERS = ("accounts_", "auth_", "axes_", "django_", "otp_")


@dataclass(frozen=True, slots=True)
class Roles:
    """The names of the roles that are no owner."""

    app: str = "tensionline_app"
    reader: str = "tensionline_reader"


def unknown(tables: Iterable[str]) -> set[str]:
    """Return the tables that no list tells about."""
    return {
        table
        for table in tables
        if table not in READABLE | PRIVATE and not table.startswith(OTHERS)
    }


def statements(
    roles: Roles, owner: str, database: str, tables: Iterable[str], *, queue: bool
) -> Iterator[str]:
    """Yield the SQL that gives the roles their rights on `tables`, and takes what else they had.

    To be run by a superuser; roles that are missing are made.
    `queue`: PGMQ is installed in this database.
    """
    app, reader = sql.Identifier(roles.app), sql.Identifier(roles.reader)
    for name in (roles.app, roles.reader):
        yield _text(
            "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {told}) THEN "
            "CREATE ROLE {role} LOGIN; END IF; END $$;",
            told=sql.Literal(name),
            role=sql.Identifier(name),
        )
    both = {"app": app, "reader": reader, "database": sql.Identifier(database)}
    yield _text("REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC;", **both)
    yield _text("GRANT CONNECT ON DATABASE {database} TO {app}, {reader};", **both)
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC;"
    yield _text("GRANT USAGE ON SCHEMA public TO {app}, {reader};", **both)
    yield _text("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {app}, {reader};", **both)
    yield _text("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {app};", **both)
    for table in sorted(tables):
        yield from _of_table(table, app, reader)
    if queue:
        named = {"app_name": sql.Literal(roles.app), "owner": sql.Identifier(owner)}
        yield from (_text(line, **both, **named) for line in _QUEUE)


# The queue holds no truth: the app makes its tables there, and takes over those that the owner made.
_QUEUE = (
    "GRANT USAGE, CREATE ON SCHEMA pgmq TO {app};",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pgmq TO {app};",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA pgmq TO {app};",
    # Whose tables these are, with PGMQ, may use the queue: the owner still does.
    "GRANT {app} TO {owner};",
    "DO $$ DECLARE queue regclass; BEGIN FOR queue IN SELECT oid FROM pg_class "
    "WHERE relnamespace = 'pgmq'::regnamespace AND relkind = 'r' AND relname ~ '^[aq]_' LOOP "
    "EXECUTE format('ALTER TABLE %s OWNER TO %I', queue, {app_name}); END LOOP; END $$;",
)


def _of_table(table: str, app: sql.Identifier, reader: sql.Identifier) -> Iterator[str]:
    parts = {"table": sql.Identifier("public", table), "app": app, "reader": reader}
    if table == MIGRATIONS:
        yield _text("GRANT SELECT ON {table} TO {app};", **parts)
    elif table in HISTORY:
        yield _text("GRANT SELECT ON {table} TO {app};", **parts)
        yield _blackening(HISTORY[table], parts)
    elif table in APPEND_ONLY:
        yield _text("GRANT SELECT, INSERT ON {table} TO {app};", **parts)
        if APPEND_ONLY[table]:
            yield _blackening(APPEND_ONLY[table], parts)
    else:
        yield _text("GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {app};", **parts)
    if table in READABLE:
        yield _text("GRANT SELECT ON {table} TO {reader};", **parts)
    elif table in READABLE_COLUMNS:
        names = _names(READABLE_COLUMNS[table])
        yield _text("GRANT SELECT ({names}) ON {table} TO {reader};", names=names, **parts)


def _blackening(columns: Iterable[str], parts: dict[str, sql.Identifier]) -> str:
    return _text("GRANT UPDATE ({names}) ON {table} TO {app};", names=_names(columns), **parts)


def _names(columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _text(line: str, **parts: sql.Composable) -> str:
    return sql.SQL(line).format(**parts).as_string(None)  # type: ignore[arg-type]
