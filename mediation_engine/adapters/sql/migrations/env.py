"""Alembic's entry: runs migrations on the connection it is given, and undoes one that touches what must stay."""

from alembic import context

from mediation_engine.adapters.sql.keeping import hold, kept

connection = context.config.attributes["connection"]
context.configure(connection=connection)
if context.get_context().get_current_heads() == (context.get_head_revision(),):
    context.run_migrations()  # nothing to go up to: no need to read the whole record
else:
    before = kept(connection)
    context.run_migrations()
    hold(before, kept(connection))
