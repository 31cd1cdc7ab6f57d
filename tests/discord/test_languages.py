"""Who reads what in which language: people what only they see in theirs, everybody the rest in their server's."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from discord import Locale
from rich.console import Console

from bot.client import NonstopBot, create_bot
from bot.console.interaction import Ask, ConsoleInteraction
from bot.console.screen import Message
from bot.i18n import languages
from bot.i18n.languages import GuildLanguages
from bot.i18n.translator import CommandTranslator
from bot.i18n.words import in_language
from bot.panels import updater
from streaming.ffmpeg.stderr import Complaint, user_message
from streaming.model.states import CommandState, UplinkState
from streaming.playout.messages import Controls
from streaming.services.guilds import GuildService, Language
from streaming.services.services import Services
from streaming.services.stream_requests import Edit
from streaming.settings import Settings
from tests.discord import card_examples
from tests.discord.actor import Person
from tests.discord.panels import Scene, beat, words_of
from tests.discord.test_arrival import joined
from tests.discord.test_command_sync import bot_for, tellings
from tests.discord.test_incidents import live, slate
from tests.discord.test_stream_commands import bring_next_to_air, meanwhile
from tests.standins.discord_wire.limits import message_problems
from tests.standins.paper_engine import PaperEngine

INGEST = "rtmp://ingest.example/live"
TITLES = {f"video{number}": f"Lied {number}" for number in range(3)}
WORDS_OF_ENGLISH = ("What to do", "targets", "Targets", "no gaps", "loops", "engine ", "Next:", "on air", "played")


@pytest.fixture
def heidi(simcord_env: Any, guild: Any) -> Person:
    """Somebody whose Discord is German, where the server's is English."""
    return Person(simcord_env, guild, "heidi", locale="de")


async def choose_german(scene: Scene) -> None:
    await scene.alice.slash("settings", language="de")


# A reader of their own


@pytest.mark.usefixtures("scene")
async def test_who_reads_german_gets_the_status_in_german(heidi: Person) -> None:
    answer = await heidi.slash("stream status")
    assert answer.is_private
    assert answer.card.title == "🟢 Auf Sendung · Night loop"
    for german in ("Danach: Second", "Ziele: 🟢 **main** sendet", "(in 1,5 s)", "keine Lücken", "in Endlosschleife"):
        assert german in answer.text
    assert not [english for english in WORDS_OF_ENGLISH if english in answer.text]


@pytest.mark.usefixtures("scene")
async def test_who_reads_german_gets_lists_in_german(heidi: Person) -> None:
    assert "Streams · 1 auf Sendung\n🟢 **Night loop** · auf Sendung" in (await heidi.slash("stream list")).text
    assert "benutzt von Night loop" in (await heidi.slash("target list")).text
    assert "Noch keine Playlists gespeichert." in (await heidi.slash("playlist list")).text
    assert "Kanal für Meldungen: Nicht gesetzt" in (await heidi.slash("settings")).text


async def test_queue_and_its_buttons_are_in_german(scene: Scene, heidi: Person) -> None:
    await scene.engine.list_items(scene.stream_id, TITLES, upcoming=list(TITLES))
    answer = await heidi.slash("stream queue")
    assert "▶️ **Jetzt**" in answer.text
    assert answer.card.footer.text == "Seite 1 von 1 · 3 in der Liste · der Reihe nach · in Endlosschleife"
    labels = {part.get("label") for part in parts_sent(scene.env)}
    assert {"Suchen", "Mischen", "Endlosschleife"} <= labels


@pytest.mark.usefixtures("scene")
async def test_errors_are_told_in_german(heidi: Person) -> None:
    answer = await heidi.slash("stream stop", stream="Nachtprogramm")
    assert answer.card.title == "🔴 Das hat nicht geklappt"
    assert "Einen Stream „Nachtprogramm“ gibt es nicht." in answer.text
    assert "**Was du tun kannst:** Sieh dir /stream list an." in answer.text


async def test_what_the_engine_says_is_told_in_german(scene: Scene, heidi: Person) -> None:
    async with meanwhile(lambda: scene.engine.take_command(CommandState.FAILED, Controls.NO_PREVIOUS())):
        answer = await heidi.slash("stream previous")
    assert "Es gibt kein vorheriges Video." in answer.text


async def test_reasons_of_streams_and_targets_are_told_in_german(scene: Scene, heidi: Person) -> None:
    reason = user_message(Complaint.INGEST_LOST)
    await scene.engine.write_uplinks(scene.stream_id, 1, UplinkState.RETRYING, reason=reason)
    answer = await heidi.slash("stream status")
    assert "Der Ingest hat die Verbindung geschlossen. Neue Verbindung wird aufgebaut." in answer.text


@pytest.mark.usefixtures("scene")
async def test_log_is_told_in_the_language_of_its_reader(alice: Person, heidi: Person) -> None:
    assert "Setup started it on main." in (await alice.slash("stream logs")).text
    assert "Setup startet den Stream auf main." in (await heidi.slash("stream logs")).text


async def test_unexpected_failures_are_told_in_german(
    scene: Scene, heidi: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(scene.services.targets, "all", broken)
    answer = await heidi.slash("target list")
    assert "Bei uns ist etwas schiefgegangen" in answer.text
    assert "**Was du tun kannst:** Versuch es noch einmal." in answer.text


async def test_who_may_not_is_told_so_in_german(scene: Scene, guild: Any) -> None:
    guest = Person(scene.env, guild, "gast", may_manage=False, locale="de")
    assert (await guest.slash("stream stop")).card.title == "🔴 Dafür fehlt dir die Berechtigung"


async def test_form_is_in_german_and_so_is_what_comes_of_it(heidi: Person) -> None:
    form = await heidi.form("target add", platform="custom")
    assert form["title"] == "Ein Ziel anlegen"
    assert [row["label"] for row in form["components"]] == ["URL des Ingests", "Streamschlüssel"]
    wrong = await heidi.fill("target add", {"url": "http://a", "key": "abcd"}, platform="custom")
    assert "Das ist nicht die URL eines Ingests." in wrong.text
    assert "ist nicht die URL eines Ingests." in wrong.text
    saved = await heidi.fill("target add", {"url": "rtmp://a/b", "key": "abcd"}, platform="custom")
    assert saved.card.title == "🟢 Ziel gespeichert"


async def test_help_is_in_german(heidi: Person) -> None:
    overview = await heidi.slash("help")
    assert "Eine Playlist auf Sendung bringen" in overview.text
    one = await heidi.slash("help", command="stream jump")
    assert "(jetzt, als Nächstes) · optional" in one.text
    assert "Einen Befehl „fly“ gibt es nicht." in (await heidi.slash("help", command="fly")).text


async def test_completions_are_in_german(scene: Scene, heidi: Person) -> None:
    assert await heidi.suggested_names("stream status", "stream", "") == ["Night loop · auf Sendung"]
    assert await heidi.suggested_names("stream start", "playlist", "dem") == ["demo · ein paar eingebaute Demo-Clips"]
    assert await scene.alice.suggested_names("stream status", "stream", "") == ["Night loop · on air"]


async def test_a_title_that_reads_like_a_state_stays_as_it_is(scene: Scene, heidi: Person) -> None:
    await scene.services.streams.edit(scene.setup, f"#{scene.stream_id}", Edit(title="Music · on air"))
    assert await heidi.suggested_names("stream status", "stream", "") == ["Music · on air · auf Sendung"]


async def test_completions_keep_within_discords_limit(scene: Scene, heidi: Person) -> None:
    await scene.services.streams.edit(scene.setup, f"#{scene.stream_id}", Edit(title="x" * 100))
    assert await heidi.suggested_names("stream status", "stream", "") == ["x" * 85 + "… · auf Sendung"]


async def test_buttons_answer_whoever_presses_in_their_language(scene: Scene, heidi: Person) -> None:
    async with scene.live():
        panel = await scene.ask_for_panel()
    question = await heidi.ask(panel, f"panel:stop:{scene.stream_id}")
    assert question.embeds[0].title == "Night loop beenden?"
    assert labels_of(question.components) == ["Ja, beenden", "Nein"]
    answer = await heidi.click(question, f"confirm:stop:{scene.stream_id}:1:no")
    assert answer.card.title == "🟢 Weiter auf Sendung"


async def test_language_we_do_not_speak_gets_the_servers(scene: Scene, guild: Any) -> None:
    amelie = Person(scene.env, guild, "amelie", locale="fr")
    assert (await amelie.slash("stream status")).card.title == "🟢 On air · Night loop"
    await choose_german(scene)
    assert (await amelie.slash("stream status")).card.title == "🟢 Auf Sendung · Night loop"


# What everybody sees


async def test_start_is_told_in_the_servers_language_to_everybody(
    scene: Scene, heidi: Person, engine: PaperEngine
) -> None:
    await scene.alice.fill("target add", {"url": INGEST, "key": "live_1"}, platform="kick")
    async with meanwhile(lambda: bring_next_to_air(engine)):
        english = await heidi.slash("stream start", playlist="demo", to="kick", title="Erste")
    assert not english.is_private
    assert english.card.title == "🟢 On air · Erste"
    await choose_german(scene)
    await scene.alice.fill("target add", {"url": INGEST, "key": "live_2"}, platform="facebook")
    async with meanwhile(lambda: bring_next_to_air(engine)):
        german = await scene.alice.slash("stream start", playlist="demo", to="facebook", title="Zweite")
    assert german.card.title == "🟢 Auf Sendung · Zweite"


async def test_failure_is_told_in_the_language_of_whoever_asked(scene: Scene, heidi: Person) -> None:
    await choose_german(scene)
    assert "There is no stream" in (await scene.alice.slash("stream stop", stream="nothing")).text
    await scene.alice.slash("settings", language="en")
    assert "Einen Stream" in (await heidi.slash("stream stop", stream="nothing")).text


async def test_server_that_forgets_its_choice_speaks_its_locale_again(scene: Scene) -> None:
    await choose_german(scene)
    await scene.alice.slash("settings", clear="language")
    assert (await scene.alice.slash("stream edit", title="New")).card.title == "🟢 On air · New"


async def test_panel_is_in_the_servers_language_whoever_refreshes_it(scene: Scene) -> None:
    await choose_german(scene)
    async with scene.live():
        panel = await scene.ask_for_panel()
        assert "Auf Sendung" in words_of(panel)
        labels = [button.label for row in panel.components for button in row.children]
        assert labels == ["Zurück", "Überspringen", "Neu starten", "Stopp", "Warteschlange", "Log", "Aktualisieren"]
    await scene.alice.click(panel, f"panel:refresh:{scene.stream_id}")
    assert "Auf Sendung" in words_of(scene.room.history()[0])


async def test_panel_follows_when_the_server_chooses_another_language(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scene.live() as watching:
        assert "On air" in words_of(await scene.ask_for_panel())
        await choose_german(scene)
        monkeypatch.setattr(updater, "_REFRESH_SECONDS", 0.0)
        await beat(watching, scene.stream_id)
        await scene.message("Auf Sendung")


async def test_incident_is_told_in_the_servers_language(scene: Scene) -> None:
    await choose_german(scene)
    async with live(scene):
        await scene.alice.slash("settings", alerts_channel=scene.room)
        await slate(scene)
        await scene.message("🟠 Störung · Night loop")
    assert "läuft das Standbild" in words_of(scene.room.history()[0])


async def test_server_is_welcomed_in_its_own_locale(simcord_env: Any, simcord_bot: NonstopBot) -> None:
    guild = simcord_env.create_guild(preferred_locale="de")
    lobby = guild.create_text_channel("lobby")
    await joined(simcord_bot, guild)
    (welcome,) = lobby.history()
    assert welcome.embeds[0].title == "👋 Nonstop hält deinen Kanal auf Sendung"
    assert welcome.components[0].children[0].label == "1 · Ein Ziel anlegen"


async def test_choice_is_remembered_after_a_restart(
    scene: Scene, simcord_env: Any, settings: Settings, services: Services
) -> None:
    await choose_german(scene)
    await simcord_env.restart_bot(create_bot(settings, services, shard_count=1))
    assert (await scene.alice.slash("stream edit", title="Neu")).card.title == "🟢 Auf Sendung · Neu"


async def test_servers_do_not_choose_for_others(simcord_env: Any, scene: Scene) -> None:
    await choose_german(scene)
    other = Person(simcord_env, simcord_env.create_guild(), "olivia")
    answer = await other.fill("target add", {"url": INGEST, "key": "live_1"}, platform="twitch")
    assert answer.card.title == "🟢 Target saved"


# At once, and in trouble


@pytest.mark.usefixtures("simcord_env")
async def test_two_at_once_each_hear_their_own_language(simcord_bot: NonstopBot) -> None:
    async def read(locale: Locale) -> str:
        """Uses a command; SimCord has people do so one after the other, so this comes in by the console's door."""
        data = {"name": "stream", "type": 1, "options": [{"type": 1, "name": "list", "options": []}]}
        with Message(Console(quiet=True)) as message:
            interaction = ConsoleInteraction(message, ask=cast("Ask", None), data=data)
            interaction.locale = locale
            await simcord_bot.tree._call(interaction.as_discord)
            assert message.card
            return str(message.card.description)

    readers = [Locale.german, Locale.british_english] * 5
    async with asyncio.timeout(10):
        heard = await asyncio.gather(*(asyncio.create_task(read(locale)) for locale in readers))
    assert [text.partition(".")[0] for text in heard] == [
        "Noch keine Streams",
        "There are no streams yet",
    ] * 5


async def test_database_that_is_away_costs_only_what_servers_have_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        async def languages(self) -> Mapping[int, Language]:
            await asyncio.Event().wait()
            raise AssertionError

    monkeypatch.setattr(languages, "_LOAD_SECONDS", 0.01)
    known = GuildLanguages()
    await known.load(cast("GuildService", Away()))
    assert known.of(1, Locale.german) is Language.GERMAN
    assert known.of(1, Locale.british_english) is Language.ENGLISH
    assert known.of(None, None) is Language.ENGLISH


async def test_changed_translations_are_told_to_discord(
    simcord_env: Any, tmp_path: Path, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(tellings(simcord_env))

    async def other_words(*_: object) -> str:
        return "Anders gesagt"

    await simcord_env.restart_bot(bot_for(tmp_path, services))
    assert len(tellings(simcord_env)) == before
    monkeypatch.setattr(CommandTranslator, "translate", other_words)
    await simcord_env.restart_bot(bot_for(tmp_path, services))
    assert len(tellings(simcord_env)) == before + 1


# Every card there is


@pytest.mark.parametrize("name", [name for name, _ in card_examples.examples()])
def test_german_cards_fit_and_are_german(name: str) -> None:
    english = dict(card_examples.examples())[name]
    with in_language(Language.GERMAN):
        german = dict(card_examples.examples())[name]
    assert list(message_problems({"embeds": [german.to_dict()]})) == []
    assert german.colour == english.colour
    names = {field.name for field in german.fields}
    assert not names & {"Targets", "Started", "Ended", "Health", "Picture", "Settings", "Engines up"}


def labels_of(components: list[dict[str, Any]]) -> list[str]:
    return [part["label"] for row in components for part in row["components"]]


def parts_sent(env: Any) -> list[dict[str, Any]]:
    """Every button and list the bot showed."""
    bodies = [entry.json for entry in env.http_requests if isinstance(entry.json, dict)]
    rows = [row for body in bodies for row in body.get("data", body).get("components") or []]
    return [part for row in rows for part in row.get("components", [])]
