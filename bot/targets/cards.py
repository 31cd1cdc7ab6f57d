"""Cards about targets and their tests."""

from collections.abc import Sequence

from discord import Embed

from bot.cards import text
from bot.cards.basic import BLUE, GREEN, GREY, RED
from bot.i18n.messages import render
from bot.i18n.words import cards as card_words
from bot.i18n.words import streams as stream_words
from bot.i18n.words import targets as words
from streaming.model.states import UplinkState
from streaming.services.targets import TargetInfo, TargetTest

_LIST_LIMIT = 3800
_NAME_LIMIT = 50


def target_list(infos: Sequence[TargetInfo]) -> Embed:
    """The targets of a guild, a paragraph each."""
    card = Embed(title=words.TITLE, colour=BLUE)
    card.description = text.fitting(map(_paragraph, infos), _LIST_LIMIT) or words.NO_TARGETS
    return card


def saved(info: TargetInfo) -> Embed:
    """A target that was added."""
    return Embed(title=words.SAVED, description=_paragraph(info), colour=GREEN)


def changed(info: TargetInfo) -> Embed:
    """A target that was edited."""
    lines = [_paragraph(info), words.CHANGED_ON_AIR if info.used_by else ""]
    return Embed(title=words.CHANGED, description="\n".join(filter(None, lines)), colour=GREEN)


def removed(name: str) -> Embed:
    return Embed(title=words.REMOVED, description=words.removed(text.named(name, _NAME_LIMIT)), colour=GREY)


def target_test(test: TargetTest) -> Embed:
    """A test of a target, under way or with its outcome."""
    name, answer = text.named(test.name, _NAME_LIMIT), text.safe(render(test.answer), 500)
    if test.is_accepted is None:
        return Embed(title=words.testing(name), description=words.TESTING, colour=BLUE)
    if test.is_accepted:
        return Embed(title=words.works(name), description=answer, colour=GREEN)
    happened, _, hint = answer.partition(". ")  # the engine's answer is one text; its second sentence is the hint
    lines = f"{happened}.\n\n{card_words.what_to_do(hint)}" if hint else answer
    return Embed(title=words.works_not(name), description=lines, colour=RED)


def _paragraph(info: TargetInfo) -> str:
    light = stream_words.LIGHTS[UplinkState.LIVE][0] if info.used_by else "⚫"
    used = f" · {words.used_by(text.safe(', '.join(info.used_by), 80))}" if info.used_by else ""
    return (
        f"{light} **{text.named(info.name, _NAME_LIMIT)}** · {words.CHOICES[info.kind]}{used}\n"
        f"-# {text.safe(info.url, 80)} · {words.key(text.safe(info.key_hint, 10))}"
    )
