"""What the engine's side says is told in every language: each sentence that can reach a reader, and no other."""

import ast
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.i18n.sentences import translate, translations
from bot.i18n.words import in_language
from streaming.ffmpeg import inputs, probe
from streaming.ffmpeg.stderr import Complaint, user_message
from streaming.input import encode_slots as encoding
from streaming.input import inspection
from streaming.model import errors as tree
from streaming.playout.detection import Diagnosis
from streaming.services.guilds import Language
from streaming.services.status import NO_ENGINE, StreamState
from streaming.youtube import errors as youtube

ROOT = Path(__file__).parents[2]
TABLES: Mapping[Language, Mapping[str, str]] = {
    language: translations(language) for language in Language if language is not Language.ENGLISH
}

UNHEARD = {
    "streaming/__main__.py": "the command line's",
    "streaming/play.py": "the command line's",
    "streaming/playlists/files.py": "the command line's: bots play no files",
    "streaming/sources/file.py": "the command line's: bots play no files",
    "streaming/settings.py": "whoever starts it reads this",
    "streaming/storage/database.py": "whoever starts it reads this",
    "streaming/process/runtime_dir.py": "whoever starts it reads this",
    "streaming/ffmpeg/binary.py": "whoever starts it reads this",
    "streaming/ingest/local.py": "the console's",
    "streaming/network/connectivity.py": "the check's",
    "streaming/storage/keyring.py": "whoever starts it reads this",
}
"""What nobody on Discord reads."""
UNHEARD_SENTENCES = {
    "Another engine is running with the data in {}.",
    "Stop that one, or set another [streaming] data_dir.",
    "A part of the engine keeps failing.",
    "The engine ends so that it is started again; streams resume then.",
}
"""For whoever starts an engine."""

ERRORS = {name for name, value in vars(tree).items() if isinstance(value, type) and issubclass(value, Exception)}
SPEAKERS: Mapping[str, tuple[str, ...]] = {
    "streaming/engine/command_consumer.py": ("_execute_on_air",),
    "streaming/engine/outcomes.py": ("outcome_of", "_told"),
    "streaming/engine/run_writer.py": ("_take_over",),
    "streaming/engine/target_tests.py": ("test",),
    "streaming/services/targets.py": ("_live_evidence",),
    "streaming/services/playlists.py": ("suggest", "_facts"),
    "streaming/services/queue.py": ("_facts",),
    "streaming/ffmpeg/treatment.py": ("choose_treatment", "_obstacle", "_wrong_as_it_is", "_off_profile"),
    "streaming/input/inspection.py": ("find", "_sound", "_picture", "_gap", "_packet", "_heavy"),
    "streaming/input/loader.py": ("_treatment", "_feed"),
    "streaming/playout/health.py": ("_free",),
    "streaming/output/uplink.py": ("run",),
    "streaming/playout/cuer.py": ("cue_now",),
    "streaming/network/connectivity.py": ("unreachable_reason",),
}
"""Functions whose texts reach readers otherwise than as an error."""
PASSED_ON = {
    "command.answer",
    "error.message",
    "fault.reason",
    "reason",
    "rule.hint",
    "rule.message",
    "self._trouble.hint",
    "self._trouble.message",
    "_TRANSIENT.message",
    "_UNPLAYABLE[complaint]",
    "errors.UPCOMING",
    "errors.LIVE",
    "errors.PAID",
    "NO_ENGINE",
    "TOO_MUCH_MEMORY",
    "refusal",
}
"""What an error says that something else has said before, or one of `said_otherwise`."""
FILLED_IN = {"{} {}."}
"""Of an address that is none; what is said of it is with those who say it."""


def said_otherwise() -> Iterator[str]:
    """What is looked up in tables."""
    yield NO_ENGINE
    yield from (state.value for state in StreamState)
    yield from (diagnosis.sentence for diagnosis in Diagnosis if diagnosis.sentence)
    yield from map(user_message, Complaint)
    yield from probe._UNPLAYABLE.values()
    yield from inputs._REFUSALS.values()
    yield from (youtube.PRIVATE, youtube.DELETED, youtube.LIVE, youtube.UPCOMING, youtube.MEMBERS_ONLY, youtube.PAID)
    for rule in (*youtube._GLOBAL, *youtube._PLAYLIST, *youtube._ITEM, youtube._TRANSIENT):
        yield from filter(None, (rule.message, rule.hint))
    yield "The connection to the ingest ended. Reconnecting."
    yield tree.UNFORESEEN
    yield "missing"  # a codec that is
    yield from (fault.reason for fault in (inspection._NO_PICTURE, inspection._TOO_FAR_APART))
    yield from (encoding._FULL, encoding._FULL_FOR_GUILD)
    yield from (inspection._NO_PICTURE.reason, inspection._TOO_FAR_APART.reason)


class Module:
    """One file and what it says."""

    def __init__(self, path: Path) -> None:
        self.name = str(path.relative_to(ROOT))
        self._tree = ast.parse(path.read_text())
        self._constants = {
            target.id: node.value
            for node in self._tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }

    def sentences(self) -> Iterator[str]:
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Call) and self.name not in UNHEARD:
                yield from self._of_call(node)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in SPEAKERS.get(self.name, ()):
                yield from self._of_function(node)

    def _of_call(self, call: ast.Call) -> Iterator[str]:
        name = ast.unparse(call.func).rpartition(".")[2]
        if name == "_not_understood":
            yield f"{{}} {self._one(call.args[1])}."
        elif name in ERRORS:
            for argument in (*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "hint")):
                yield from self._said(argument)

    def _said(self, node: ast.expr) -> Iterator[str]:
        """Each sentence an expression may give."""
        match node:
            case ast.IfExp():
                yield from (*self._said(node.body), *self._said(node.orelse))
            case ast.BoolOp():
                for value in node.values:
                    yield from self._said(value)
            case ast.Call(func=ast.Attribute(value=inner, attr="strip")):
                yield self._one(inner)
                yield self._one(inner).removesuffix(" {}")
            case ast.Name(id=name) if name in self._constants:
                yield from self._said(self._constants[name])
            case ast.Constant() | ast.JoinedStr():
                yield self._one(node)
            case _:
                assert ast.unparse(node) in PASSED_ON, f"{self.name}:{node.lineno}: what is said here?"

    def _one(self, node: ast.expr) -> str:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        assert isinstance(node, ast.JoinedStr), f"{self.name}:{node.lineno}: what is said here?"
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)

    def _of_function(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
        for text in self._texts(ast.Module(function.body[1:], []) if ast.get_docstring(function) else function):
            yield from (part for part in text.split(" · ") if re.search(r"[a-z]", part) and " " in part)

    def _texts(self, node: ast.AST) -> Iterator[str]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.JoinedStr) or (isinstance(child, ast.Constant) and isinstance(child.value, str)):
                yield self._one(child)
            elif not (isinstance(child, ast.Call) and ast.unparse(child.func).startswith("_log.")):
                yield from self._texts(child)


def sentences() -> set[str]:
    """Every sentence that a reader on Discord may meet."""
    found = set(said_otherwise())
    for path in sorted((ROOT / "streaming").rglob("*.py")):
        found |= set(Module(path).sentences())
    return found - UNHEARD_SENTENCES - FILLED_IN


@pytest.mark.parametrize("language", TABLES)
def test_every_sentence_is_told(language: Language) -> None:
    assert sorted(sentences() - TABLES[language].keys()) == []


@pytest.mark.parametrize("language", TABLES)
def test_no_sentence_is_told_that_nobody_says(language: Language) -> None:
    assert sorted(TABLES[language].keys() - sentences()) == []


def test_what_is_left_out_is_there() -> None:
    told = {
        each
        for name in ("engine/engine.py", "storage/vault.py")
        for each in Module(ROOT / "streaming" / name).sentences()
    }
    assert told >= UNHEARD_SENTENCES
    assert all((ROOT / name).is_file() for name in (*UNHEARD, *SPEAKERS))


@pytest.mark.parametrize("language", TABLES)
def test_telling_takes_what_the_sentence_has(language: Language) -> None:
    for english, telling in TABLES[language].items():
        used = re.findall(r"\{(\d)(?::(?:bare|told|number))?\}", telling)
        assert sorted(map(int, used)) == list(range(english.count("{}"))), english
        assert telling.count("{") == telling.count("}") == len(used), english
        assert telling != english


GERMAN = (
    ("", ""),
    ("private", "privat"),
    ("There are no streams yet.", "Hier gibt es noch keine Streams."),
    ("There is no stream 'Night loop'.", "Einen Stream „Night loop“ gibt es nicht."),
    ('There is no stream "Alice\'s".', "Einen Stream „Alice's“ gibt es nicht."),
    ("There is no stream 'A. B'. See /stream list.", "Einen Stream „A. B“ gibt es nicht. Sieh dir /stream list an."),
    (
        "Several streams match: 'Dr. Who' (#1), 'B' (#2). Pick one with the stream option.",
        "Mehrere Streams passen: 'Dr. Who' (#1), 'B' (#2). Wähle einen mit der Option stream.",
    ),
    ("Skipped “There are no streams yet.”.", "„There are no streams yet.“ übersprungen."),
    ("Skipped “{0:bare}{}”.", "„{0:bare}{}“ übersprungen."),
    (
        "Cannot play “Aria” now: it cannot be opened (EOF). The current item keeps playing.",
        "„Aria“ lässt sich gerade nicht abspielen: es lässt sich nicht öffnen (EOF). Das aktuelle Video läuft weiter.",
    ),
    (
        "Cannot play “Aria” now: YouTube did not answer in time.",
        "„Aria“ lässt sich gerade nicht abspielen: YouTube hat nicht rechtzeitig geantwortet.",
    ),
    (
        "The target is used by the stream 'Loop', which is starting. The disk is full. Free some space.",
        "Das Ziel wird vom Stream „Loop“ benutzt (startet). Die Festplatte ist voll. Gib Speicherplatz frei.",
    ),
    (
        "The ingest accepted it after 0.4 s and received two seconds of picture and sound.",
        "Der Ingest hat es nach 0,4 s angenommen und zwei Sekunden Bild und Ton empfangen.",
    ),
    ("its video is missing, not H.264", "sein Video ist nicht da, nicht H.264"),
    ("Nobody has ever said this.", "Nobody has ever said this."),
)


@pytest.mark.parametrize(("english", "german"), GERMAN)
def test_sentences_are_known_again(english: str, german: str) -> None:
    assert translate(english) == english
    with in_language(Language.GERMAN):
        assert translate(english) == german


@pytest.mark.parametrize(
    "hostile",
    [
        "Several streams match: a. " * 60,
        "Cannot play “x” now: " * 60,
        "It changed. at. its. origin. " * 60,
        "“" * 1999,
        "{} " * 600,
        "The target is used by the stream 'a', which is " * 30,
    ],
)
def test_no_text_takes_long(hostile: str) -> None:
    with in_language(Language.GERMAN):
        translate("warm")
        began = time.process_time()
        translate(hostile)
        assert time.process_time() - began < 0.5
