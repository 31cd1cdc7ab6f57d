"""What is done to an item, and what is tried next: each treatment once, and always another one."""

from dataclasses import replace

import pytest

from streaming.ffmpeg.treatment import Fault, FaultKind, PictureSource, SoundSource, Treatment, choose_treatment, harder
from streaming.input.known_treatments import KnownTreatments
from streaming.model.items import MediaInfo
from streaming.model.message import NOTHING, Message
from streaming.model.profiles import PROFILES
from streaming.model.states import EncodeMode

PROFILE = PROFILES["720p30"]
FITTING = MediaInfo("h264", 1280, 720, 30.0, "yuv420p", "aac", "LC", 44_100, 2)
ODD = [
    replace(FITTING, fps=1.0),
    replace(FITTING, is_rotated=True),
    replace(FITTING, is_interlaced=True),
    replace(FITTING, has_square_pixels=False),
    replace(FITTING, is_hdr=True),
    replace(FITTING, is_trimmed=True),
    replace(FITTING, start_gap_seconds=3.0),
    replace(FITTING, start_gap_seconds=-30.0),
    replace(FITTING, pixel_format="none"),
]


@pytest.mark.parametrize("odd", ODD)
def test_what_would_look_wrong_is_copied_in_no_mode(odd: MediaInfo) -> None:
    for mode in EncodeMode:
        treatment = choose_treatment(mode, odd, PROFILE)
        assert not treatment.copy_video
        assert treatment.reason


@pytest.mark.parametrize("odd", [replace(FITTING, fps=5.0), replace(FITTING, video_kbps=20_000.0)])
def test_what_is_off_the_profile_is_copied_when_that_is_wanted(odd: MediaInfo) -> None:
    assert not choose_treatment(EncodeMode.AUTO, odd, PROFILE).copy_video
    assert choose_treatment(EncodeMode.COPY, odd, PROFILE).copy_video


def test_aac_with_headers_of_its_own_is_encoded_beside_copied_pictures() -> None:
    treatment = choose_treatment(EncodeMode.AUTO, replace(FITTING, container="mpegts"), PROFILE)
    assert treatment.copy_video
    assert not treatment.copy_audio


def test_streams_of_one_clock_that_may_jump_are_not_read_apart() -> None:
    for container, is_apart in (("mov,mp4,m4a,3gp,3g2,mj2", True), ("mpegts", False)):
        info = replace(FITTING, container=container, fps=1.0)
        assert choose_treatment(EncodeMode.ALWAYS, info, PROFILE, can_read_apart=True).is_apart is is_apart


@pytest.mark.parametrize("kind", list(FaultKind))
@pytest.mark.parametrize("info", [FITTING, replace(FITTING, audio_codec=""), replace(FITTING, video_codec="")])
@pytest.mark.parametrize("can_read_apart", [True, False])
def test_no_treatment_is_tried_twice_and_all_come_to_an_end(
    kind: FaultKind, info: MediaInfo, can_read_apart: bool
) -> None:
    treatment: Treatment | None = choose_treatment(EncodeMode.AUTO, info, PROFILE, can_read_apart=can_read_apart)
    tried = []
    while treatment:
        bare = replace(treatment, reason=NOTHING)
        assert bare not in tried
        tried.append(bare)
        treatment = harder(treatment, Fault(kind, Message("it is odd")), info, can_read_apart=can_read_apart)
    assert len(tried) <= 6


def test_a_picture_that_ends_before_its_sound_is_held() -> None:
    fault = Fault(FaultKind.PICTURE_BEHIND, Message("there is no picture"))
    encoded = harder(choose_treatment(EncodeMode.AUTO, FITTING, PROFILE), fault, FITTING, can_read_apart=True)
    assert encoded and not encoded.copy_video
    apart = harder(encoded, fault, FITTING, can_read_apart=True)
    assert apart and apart.is_apart
    held = harder(apart, fault, FITTING, can_read_apart=True)
    assert held and held.picture is PictureSource.HELD and held.sound is SoundSource.OWN


def test_sound_that_cannot_be_decoded_is_replaced_before_the_picture_is() -> None:
    fault = Fault(FaultKind.BROKEN, Message("FFmpeg gave up"))
    encoded = choose_treatment(EncodeMode.ALWAYS, FITTING, PROFILE)
    silent = harder(encoded, fault, FITTING, can_read_apart=True)
    assert silent and silent.sound is SoundSource.SILENCE and silent.picture is PictureSource.OWN
    black = harder(silent, fault, FITTING, can_read_apart=True)
    assert black and black.sound is SoundSource.OWN and black.picture is PictureSource.BLACK
    assert harder(black, fault, FITTING, can_read_apart=True) is None


def test_what_helped_is_remembered_for_a_day_and_then_tried_anew() -> None:
    now = [0.0]
    known = KnownTreatments(clock=lambda: now[0])
    copied, encoded = (choose_treatment(mode, FITTING, PROFILE) for mode in (EncodeMode.AUTO, EncodeMode.ALWAYS))
    known.remember("odd", encoded)
    known.give_up("hopeless", Message("it is damaged"))
    now[0] = 86_000.0
    assert known.treatment_for("odd", copied) == encoded
    assert known.treatment_for("other", copied) == copied
    assert known.why_hopeless("hopeless") == "it is damaged"
    now[0] = 90_000.0
    assert known.treatment_for("odd", copied) == copied
    assert known.why_hopeless("hopeless") == ""


def test_what_depends_on_a_place_is_not_remembered() -> None:
    known = KnownTreatments()
    chosen = choose_treatment(EncodeMode.AUTO, FITTING, PROFILE)
    known.remember("odd", replace(chosen, copy_video=False, picture=PictureSource.HELD))
    assert known.treatment_for("odd", chosen) == chosen


def test_no_more_is_remembered_than_there_is_room_for() -> None:
    known = KnownTreatments()
    for number in range(10_001):
        known.give_up(str(number), Message("it is odd"))
    assert known.why_hopeless("0") == ""
    assert known.why_hopeless("10000")
