"""What Alembic runs: one transaction for all steps, on a connection that it is given."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes.get("metadata"),  # to write a new step from
    transactional_ddl=True,  # SQLite can, although Alembic believes it cannot
)
with context.begin_transaction():
    context.run_migrations()
