"""Files, folders, URLs and lists become playlists, or a sentence that says why not."""

import asyncio
import os
from pathlib import Path

import pytest

from streaming.model.errors import ItemUnavailable, PlaylistError
from streaming.model.items import FilePart, Item, PartKind, RemotePart
from streaming.playlists.files import FilesPlaylist


async def listed(*references: str | Path) -> list[Item]:
    return [item async for item in FilesPlaylist([str(each) for each in references]).items()]


def made(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"media")
    return folder


def written(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


async def test_a_folder_is_listed_in_natural_order(tmp_path: Path) -> None:
    made(tmp_path, "Part 10.mp4", "part 2.MKV", "Part 1.mp4", "B/1.mp4", "cover.jpg", ".hidden.mp4", ".trash/x.mp4")
    assert [item.title for item in await listed(tmp_path)] == ["1", "Part 1", "part 2", "Part 10"]


async def test_references_keep_their_order(tmp_path: Path) -> None:
    made(tmp_path, "b.mp4", "a/1.mp4", "a/2.mp4")
    items = await listed(tmp_path / "b.mp4", tmp_path / "a", "https://media.example/c.mp4")
    assert [item.title for item in items] == ["b", "1", "2", "c"]


async def test_a_file_is_taken_whatever_it_is_called(tmp_path: Path) -> None:
    made(tmp_path, "recording.dat")
    (item,) = await listed(tmp_path / "recording.dat")
    assert item == Item(str(tmp_path / "recording.dat"), "recording")


async def test_a_list_gives_titles_lengths_and_relative_paths(tmp_path: Path) -> None:
    path = written(
        tmp_path / "evening.m3u",
        "#EXTM3U",
        "#PLAYLIST:Evening",
        "#EXTINF:123.5,Artist, Title – live",
        "films/one.mp4",
        "",
        '#EXTINF:-1 tvg-id="a,b" group="x",Two',
        "/films/two.mp4",
        "file:///films/three%20times.mp4",
        "https://media.example/four.mp4?sig=1",
    )
    assert await listed(path) == [
        Item(str(tmp_path / "films/one.mp4"), "Artist, Title – live", 123.5),
        Item("/films/two.mp4", "Two"),
        Item("/films/three times.mp4", "three times"),
        Item("https://media.example/four.mp4?sig=1", "four"),
    ]


async def test_a_file_whose_name_is_no_utf8_has_a_title_and_a_key_that_can_be_written_down(tmp_path: Path) -> None:
    named = os.fsencode(tmp_path) + b"/Caf\xe9 100%.mp4"
    await asyncio.to_thread(Path(os.fsdecode(named)).write_bytes, b"media")
    playlist = FilesPlaylist([str(tmp_path)])
    (item,) = [item async for item in playlist.items()]
    assert item.title == "Café 100%"
    assert item.key.encode().decode() == item.key
    (part,) = (await playlist.resolve(item)).parts
    assert isinstance(part, FilePart)
    assert await asyncio.to_thread(part.path.read_bytes) == b"media"


@pytest.mark.parametrize(
    ("info", "title", "seconds"),
    [
        ("abc,One", "One", None),
        (",One", "One", None),
        ("1.2.3,One", "One", None),
        ("nan,One", "One", None),
        ("inf,One", "One", None),
        ("1e400,One", "One", None),
        ("9" * 400 + ",One", "One", None),
        ("-5,One", "One", None),
        ("+12,One", "One", 12.0),
        (' 12.5 x="a,b",One', "One", 12.5),
        ("12", "one", 12.0),
        ("", "one", None),
        ("12,", "one", 12.0),
        ("12,a\x1b[2J", "a\x1b[2J", 12.0),
    ],
)
async def test_a_length_that_is_no_number_is_no_length(
    tmp_path: Path, info: str, title: str, seconds: float | None
) -> None:
    path = written(tmp_path / "odd.m3u", "#EXTM3U", f"#EXTINF:{info}", "/films/one.mp4")
    assert await listed(path) == [Item("/films/one.mp4", title, seconds)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
async def test_a_list_is_read_in_the_encodings_such_lists_have(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path / "a.m3u8", "#EXTM3U", "#EXTINF:9,Été", "été.mp4", encoding=encoding)
    assert await listed(path) == [Item(str(tmp_path / "été.mp4"), "Été", 9)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("https://media.example/live.m3u8?token=1", "manifest"),
        ("https://media.example/film.mpd", "manifest"),
        ("rtmp://media.example/live", "not an HTTP address"),
        ("other.m3u", "list inside a list"),
    ],
)
async def test_what_cannot_be_played_is_listed_with_a_reason(tmp_path: Path, line: str, reason: str) -> None:
    bad, good = await listed(written(tmp_path / "a.m3u", line, "good.mp4"))
    assert reason in bad.reason_unplayable
    assert not good.reason_unplayable


async def test_an_hls_manifest_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "live.m3u8", "#EXTM3U", "#EXT-X-TARGETDURATION:6", "#EXTINF:6,", "segment1.ts")
    with pytest.raises(PlaylistError, match="is an HLS manifest, not a list of media"):
        await listed(path)


@pytest.mark.parametrize("name", ["gone.mp4", "gone/", "gone.m3u"])
async def test_what_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(PlaylistError, match=f"There is no file or folder {tmp_path / name}"):
        await listed(f"{tmp_path}/{name}")


async def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    made(tmp_path, "cover.jpg")
    with pytest.raises(PlaylistError, match="holds no media files"):
        await listed(tmp_path)


async def test_an_empty_list_is_told(tmp_path: Path) -> None:
    with pytest.raises(PlaylistError, match="is empty"):
        await listed(written(tmp_path / "a.m3u", "#EXTM3U", ""))


async def test_a_manifest_url_is_refused_without_its_signature() -> None:
    with pytest.raises(PlaylistError, match="manifest") as caught:
        await listed("https://media.example/live.m3u8?token=9f3c")
    assert "9f3c" not in str(caught.value)


async def test_a_file_resolves_to_itself_while_it_is_there(tmp_path: Path) -> None:
    playlist = FilesPlaylist([str(made(tmp_path, "one.mp4") / "one.mp4")])
    (item,) = [item async for item in playlist.items()]
    assert (await playlist.resolve(item)).parts == (FilePart(PartKind.BOTH, tmp_path / "one.mp4"),)
    (tmp_path / "one.mp4").unlink()
    with pytest.raises(ItemUnavailable, match=r"there is no file .*one\.mp4"):
        await playlist.resolve(item)


async def test_a_url_resolves_to_itself() -> None:
    playlist = FilesPlaylist(["https://media.example/a%20film.mp4?sig=1"])
    (item,) = [item async for item in playlist.items()]
    (part,) = (await playlist.resolve(item)).parts
    assert isinstance(part, RemotePart)
    assert part.url.reveal() == item.key == "https://media.example/a%20film.mp4?sig=1"
    assert item.title == playlist.title == "a film"


def test_a_playlist_is_called_by_what_was_named(tmp_path: Path) -> None:
    playlist = FilesPlaylist([str(tmp_path / "holiday"), "b.mp4", "c.mp4"])
    assert playlist.title == "holiday and 2 more"
    assert playlist.reference == f"{tmp_path}/holiday b.mp4 c.mp4"
