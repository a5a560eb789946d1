"""Alembic environment: connect as the migrator, become the owner for one transaction a version."""

import os

from alembic import context
from sqlalchemy import create_engine, pool, text

url = context.config.attributes.get("url") or os.environ["MIGRATOR_DATABASE_URL"]
engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=pool.NullPool)

with engine.connect() as connection:
    connection.execute(text("SET ROLE send_owner"))
    connection.execute(text("SET lock_timeout = '2s'"))
    connection.commit()
    context.configure(connection=connection, transaction_per_migration=True, version_table_schema="public")
    with context.begin_transaction():
        context.run_migrations()
