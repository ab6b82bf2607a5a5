"""Run by alembic: applies the steps on the connection, and in the transaction, that `migration` gives.

There is no configuration file and no way to run it by itself.
"""

from alembic import context

from lib.survey.store.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
