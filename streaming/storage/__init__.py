"""The database that bot and engine meet in: tables, connections, migrations, encrypted keys."""
