"""A bot just big enough to try every side of the Discord stand-in.

`privileged` asks for intents it has not been granted, `impatient` gives a silent gateway half a second.
"""

import io
import os
import sys
import time
from typing import Any

import discord
from discord import app_commands
from discord.http import Route

Interaction = discord.Interaction[discord.Client]


class Counter(discord.ui.View):
    """A panel with one button that counts."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="0", custom_id="count")
    async def count(self, interaction: Interaction, button: discord.ui.Button["Counter"]) -> None:
        button.label = str(int(button.label or "0") + 1)
        await interaction.response.edit_message(view=self)


class KeyForm(discord.ui.Modal, title="Stream key"):
    """Asks in a label and in a row, the two forms a modal may take."""

    key: discord.ui.Label[Any] = discord.ui.Label(text="Key", component=discord.ui.TextInput(custom_id="key"))
    name: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Name", custom_id="name", required=False)

    async def on_submit(self, interaction: Interaction) -> None:
        assert isinstance(self.key.component, discord.ui.TextInput)
        await interaction.response.send_message(f"…{self.key.component.value[-4:]} {self.name.value}", ephemeral=True)


stream = app_commands.Group(
    name="stream", description="Streams", default_permissions=discord.Permissions(manage_guild=True)
)


@stream.command(description="Put on air")
@app_commands.choices(mode=[app_commands.Choice(name="Direct", value="direct")])
async def start(interaction: Interaction, playlist: str, mode: str = "direct") -> None:
    await interaction.response.defer()
    await interaction.edit_original_response(embed=discord.Embed(title=f"{playlist} {mode}"))
    await interaction.followup.send("only for you", ephemeral=True)


@stream.command(description="Take off the air")
async def stop(interaction: Interaction, stream: str) -> None:
    await interaction.response.send_message(f"stopped {stream}")


@stop.autocomplete("stream")
async def complete_stream(_: Interaction, current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{current} stream", value=current)]


@app_commands.command(description="Ask for a key")
async def key(interaction: Interaction) -> None:
    await interaction.response.send_modal(KeyForm())


@app_commands.command(description="Post a panel with a picture, twice with one nonce")
async def panel(interaction: Interaction) -> None:
    await interaction.response.defer(ephemeral=True)
    assert isinstance(interaction.channel, discord.TextChannel)
    for _ in range(2):
        picture = discord.File(io.BytesIO(b"picture"), "frame.png")
        embed = discord.Embed(title="panel").set_image(url="attachment://frame.png")
        await interaction.channel.send(embed=embed, file=picture, view=Counter(), nonce="panel-1")
    await interaction.edit_original_response(content="done")


@app_commands.command(description="Break a rule")
async def misbehave(interaction: Interaction, how: str) -> None:
    if how == "block the loop":
        time.sleep(1.2)  # noqa: ASYNC251 - the fault to be noticed
        await interaction.response.defer()
    elif how == "large embed":
        await interaction.response.send_message(embed=discord.Embed(description="x" * 4097))
    elif how == "unknown route":
        await interaction.response.defer()
        await interaction.client.http.request(Route("GET", "/nonsense"))
    elif how == "turn ephemeral":
        await interaction.response.defer()
        await interaction.followup.send("secret", ephemeral=True)


class TinyBot(discord.Client):
    """Uploads its commands and keeps its button alive over restarts."""

    async def setup_hook(self) -> None:
        tree = app_commands.CommandTree(self)
        tree.add_command(stream)
        tree.add_command(key)
        tree.add_command(panel)
        tree.add_command(misbehave)
        await tree.sync()
        self.add_view(Counter())

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait 5 s before the second identify, as discord.py would."""


def main() -> None:
    intents = discord.Intents.all() if "privileged" in sys.argv else discord.Intents(guilds=True)
    patience_seconds = 0.5 if "impatient" in sys.argv else 60.0
    client = TinyBot(intents=intents, guild_ready_timeout=0.05, heartbeat_timeout=patience_seconds)
    client.run(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    main()
