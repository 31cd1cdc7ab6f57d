"""The Discord bot and its console: slash commands write the desired state, cards show the actual one."""
