"""What a feeder does with an item: passed through or encoded, and what is made up where something is missing."""

from dataclasses import replace
from itertools import pairwise

import pytest

from streaming.ffmpeg.feeder_command import command
from streaming.ffmpeg.treatment import PictureSource, Treatment, choose_treatment
from streaming.model.items import Input, MediaInfo, PartKind
from streaming.model.message import NOTHING
from streaming.model.profiles import PROFILES
from streaming.model.states import EncodeMode

PROFILE = PROFILES["720p30"]
FITTING = MediaInfo("h264", 1280, 720, 30.0, "yuv420p", "aac", "LC", 44_100, 2)
COPY = Treatment(copy_video=True, copy_audio=True, reason=NOTHING)
ENCODE = Treatment(copy_video=False, copy_audio=False, reason=NOTHING)
BOTH = [Input(PartKind.BOTH, "http://127.0.0.1/both")]
APART = [Input(PartKind.VIDEO, "http://127.0.0.1/video"), Input(PartKind.AUDIO, "http://127.0.0.1/audio")]


def line(
    inputs: list[Input] = BOTH, treatment: Treatment = COPY, of: MediaInfo = FITTING, start_seconds: float = 0.0
) -> list[str]:
    return command("ffmpeg", inputs, info=of, treatment=treatment, profile=PROFILE, start_seconds=start_seconds)


def values(words: list[str], option: str) -> list[str]:
    return [value for name, value in pairwise(words) if name == option]


@pytest.mark.parametrize("mode", [EncodeMode.AUTO, EncodeMode.COPY])
def test_what_fits_is_passed_through(mode: EncodeMode) -> None:
    treatment = choose_treatment(mode, FITTING, PROFILE)
    assert treatment.copy_video
    assert treatment.copy_audio


def test_encode_always_means_always() -> None:
    treatment = choose_treatment(EncodeMode.ALWAYS, FITTING, PROFILE)
    assert not treatment.copy_video
    assert not treatment.copy_audio


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (replace(FITTING, video_codec="vp9"), "vp9"),
        (replace(FITTING, video_codec=""), "no picture"),
        (replace(FITTING, pixel_format="yuv444p"), "yuv444p"),
        (replace(FITTING, width=640, height=360), "640×360"),
        (replace(FITTING, fps=60.0), "frame rate is 60"),
    ],
)
def test_auto_encodes_what_does_not_fit_and_says_why(odd: MediaInfo, reason: str) -> None:
    treatment = choose_treatment(EncodeMode.AUTO, odd, PROFILE)
    assert not treatment.copy_video
    assert reason in treatment.reason


@pytest.mark.parametrize("odd", [replace(FITTING, width=640, height=360), replace(FITTING, fps=60.0)])
def test_copy_passes_other_sizes_and_rates(odd: MediaInfo) -> None:
    assert choose_treatment(EncodeMode.COPY, odd, PROFILE).copy_video


@pytest.mark.parametrize(
    "odd",
    [
        replace(FITTING, audio_codec="opus", audio_profile=""),
        replace(FITTING, audio_profile="HE-AAC"),
        replace(FITTING, sample_rate=48_000),
        replace(FITTING, channels=1),
        replace(FITTING, audio_codec=""),
    ],
)
def test_sound_that_is_not_the_profiles_is_encoded_beside_copied_pictures(odd: MediaInfo) -> None:
    treatment = choose_treatment(EncodeMode.COPY, odd, PROFILE)
    assert treatment.copy_video
    assert not treatment.copy_audio


def test_copying_touches_neither_pictures_nor_sound() -> None:
    words = line()
    assert values(words, "-c:v") == ["copy"]
    assert values(words, "-c:a") == ["copy"]
    assert "-vf" not in words
    assert "-af" not in words


def test_nothing_of_the_items_own_tags_gets_through() -> None:
    for treatment in (COPY, ENCODE):
        words = line(treatment=treatment)
        assert (
            values(words, "-map_metadata")
            == values(words, "-map_metadata:s")
            == values(words, "-map_chapters")
            == ["-1"]
        )


def test_video_comes_first_and_sound_second_wherever_they_are() -> None:
    assert values(line(), "-map") == ["0:V:0", "0:a:0"]
    assert values(line(APART), "-map") == ["0:V:0", "1:a:0"]
    assert values(line(APART[::-1]), "-map") == ["1:V:0", "0:a:0"]


def test_the_chosen_streams_are_read_wherever_they_are() -> None:
    chosen = replace(FITTING, video_stream=2, audio_streams=(4,))
    for treatment in (COPY, ENCODE):
        assert values(line(treatment=treatment, of=chosen), "-map") == ["0:2", "0:4"]
    assert values(line(treatment=replace(ENCODE, is_apart=True), of=chosen), "-map") == ["0:2", "1:4"]


def test_two_mono_tracks_become_left_and_right() -> None:
    words = line(treatment=ENCODE, of=replace(FITTING, audio_streams=(1, 2), channels=2))
    assert values(words, "-map") == ["0:V:0", "[sound]"]
    assert "[0:1][0:2]join=inputs=2:channel_layout=stereo" in values(words, "-filter_complex")[0]


def test_what_is_read_apart_and_begun_in_the_middle_has_a_picture_to_hold() -> None:
    words = line(treatment=replace(ENCODE, is_apart=True), start_seconds=12.5)
    assert values(words, "-ss") == ["10.499", "12.499"]
    assert "trim=start=2.000" in values(words, "-vf")[0]


def test_the_last_picture_is_held_until_the_sound_ends() -> None:
    words = line(treatment=replace(ENCODE, picture=PictureSource.HELD, is_apart=True))
    assert "tpad=stop=-1:stop_mode=clone" in values(words, "-vf")[0]
    assert "-shortest" in words


def test_hdr_is_brought_to_an_ordinary_screen() -> None:
    (picture,) = values(line(treatment=ENCODE, of=replace(FITTING, is_hdr=True)), "-vf")
    assert "tonemap" in picture
    assert "tonemap" not in values(line(treatment=ENCODE), "-vf")[0]


def test_a_clock_that_may_jump_is_not_kept() -> None:
    assert "-copyts" in line()
    assert "-copyts" not in line(of=replace(FITTING, container="mpegts"))


def test_missing_sound_becomes_silence_of_the_pictures_length() -> None:
    silent = replace(FITTING, audio_codec="")
    words = line(treatment=choose_treatment(EncodeMode.ALWAYS, silent, PROFILE), of=silent)
    assert values(words, "-i")[-1] == "anullsrc=r=44100:cl=stereo"
    assert values(words, "-map") == ["0:V:0", "1:a:0"]
    assert "-shortest" in words


def test_missing_pictures_become_black_of_the_sounds_length() -> None:
    song = replace(FITTING, video_codec="")
    words = line(treatment=choose_treatment(EncodeMode.AUTO, song, PROFILE), of=song)
    assert values(words, "-i")[-1] == "color=c=black:s=1280x720:r=30"
    assert values(words, "-map") == ["1:v:0", "0:a:0"]
    assert "-shortest" in words


def test_an_item_with_both_is_not_cut_to_the_shorter() -> None:
    assert "-shortest" not in line()


def test_every_input_starts_at_the_place_wanted() -> None:
    assert values(line(APART, treatment=ENCODE, start_seconds=12.5), "-ss") == ["12.499", "12.499"]  # for rounding
    assert "-ss" not in line(APART)


def test_sound_apart_begins_early_enough_for_the_keyframe_at_which_copied_pictures_begin() -> None:
    assert values(line(APART, start_seconds=12.5), "-ss") == ["12.500", "2.500"]
    assert values(line(APART, start_seconds=5.0), "-ss") == ["5.000"]
    assert values(line(start_seconds=12.5), "-ss") == ["12.500"]


def test_the_cover_of_a_song_is_its_picture() -> None:
    song = replace(FITTING, video_codec="", cover_stream=3)
    words = line(treatment=choose_treatment(EncodeMode.AUTO, song, PROFILE), of=song)
    assert values(words, "-map") == ["0:3", "0:a:0"]
    assert "loop=loop=-1" in values(words, "-vf")[0]
    assert "-shortest" in words


def test_a_broken_input_ends_a_copy_and_decoders_go_on_behind_damage() -> None:
    assert "-xerror" in line(APART)
    assert "-xerror" not in line(treatment=ENCODE)


def test_encoded_items_have_one_shape_and_one_colour() -> None:
    words = line(treatment=ENCODE)
    (picture,) = values(words, "-vf")
    for part in ("fps=30", "1280:720", "setsar=1", "yuv420p", "range=tv", "colorspace=bt709", "color_trc=bt709"):
        assert part in picture
    assert values(words, "-g") == values(words, "-keyint_min") == ["60"]
    assert values(words, "-x264-params") == ["nal-hrd=cbr"]
