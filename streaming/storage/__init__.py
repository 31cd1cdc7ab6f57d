"""The database that bot and engine share: tables, repositories, connections, migrations, encrypted keys."""
