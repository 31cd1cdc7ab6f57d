"""Which targets have a second ingest that takes the same key."""

import pytest

from streaming.model.states import TargetKind
from streaming.network.platforms import INGEST_URLS, backup_url


def test_youtube_has_a_backup_ingest_for_every_address_people_are_given() -> None:
    assert backup_url(INGEST_URLS[TargetKind.YOUTUBE]) == "rtmps://b.rtmps.youtube.com:443/live2?backup=1"
    assert backup_url("rtmp://a.rtmp.youtube.com/live2") == "rtmp://b.rtmp.youtube.com/live2?backup=1"


@pytest.mark.parametrize(
    "url",
    [
        INGEST_URLS[TargetKind.TWITCH],
        "rtmp://b.rtmp.youtube.com/live2?backup=1",
        "rtmp://a.rtmp.youtube.com.example.org/live2",
        "rtmp://a.rtmp.youtube.com/other",
    ],
)
def test_others_have_none_that_is_known(url: str) -> None:
    assert backup_url(url) is None
