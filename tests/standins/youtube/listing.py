"""What YouTube answers about one playlist: its page, its continuations, in the layout of today and the older one."""

import base64
from typing import Any

from tests.standins.youtube.catalog import Catalog, Layout, PlaylistPage, Video, VideoState
from tests.standins.youtube.player import Json, page

PAGE_ENTRIES = 100
_NOT_THERE = "The playlist does not exist."
_HIDDEN_TITLES = {
    VideoState.PRIVATE: "[Private video]",
    VideoState.DELETED: "[Deleted video]",
    VideoState.TERMINATED: "[Deleted video]",
}
_CONFIGURATION: Json = {
    "INNERTUBE_CONTEXT": {"client": {"clientName": "WEB", "clientVersion": "2.20261101.00.00"}},
    "INNERTUBE_CONTEXT_CLIENT_NAME": 1,
}


def playlist_page(catalog: Catalog, playlist_id: str) -> str:
    """The page of a playlist; of one that is not there, a page that says so."""
    return page(_CONFIGURATION, ytInitialData=playlist_data(catalog, playlist_id))


def playlist_data(catalog: Catalog, playlist_id: str) -> Json:
    """The data of a playlist's first page."""
    playlist = catalog.playlists.get(playlist_id)
    if not playlist:
        return {"alerts": [{"alertRenderer": {"type": "ERROR", "text": {"simpleText": _NOT_THERE}}}], "contents": {}}
    content = {"sectionListRenderer": {"contents": [_section(catalog, playlist)]}}
    tab = {"tabRenderer": {"selected": True, "content": content}}
    return {
        "contents": {"twoColumnBrowseResultsRenderer": {"tabs": [tab]}},
        "metadata": {"playlistMetadataRenderer": {"title": playlist.title, "description": ""}},
    }


def continuation(catalog: Catalog, token: str) -> Json:
    """The answer to a continuation: the next entries and, unless they are the last, the next token."""
    playlist_id, start = base64.urlsafe_b64decode(token).decode().rsplit(" ", 1)
    items = _entries(catalog, catalog.playlists[playlist_id], int(start))
    return {"onResponseReceivedActions": [{"appendContinuationItemsAction": {"continuationItems": items}}]}


def mix_panel(catalog: Catalog, playlist_id: str, video_id: str) -> Json:
    """A mix beside a video: 25 entries from this video on, without end, since it begins again after the last."""
    playlist = catalog.playlists[playlist_id]
    ids = playlist.video_ids
    first = ids.index(video_id) if video_id in ids else 0
    shown = [catalog.video(ids[(first + i) % len(ids)]) for i in range(25)]
    contents = [{"playlistPanelVideoRenderer": _panel_entry(v, playlist_id)} for v in shown]
    panel = {"title": playlist.title, "playlistId": playlist_id, "contents": contents}
    return {"contents": {"twoColumnWatchNextResults": {"playlist": {"playlist": panel}}}}


def _section(catalog: Catalog, playlist: PlaylistPage) -> Json:
    entries = _entries(catalog, playlist, 0)
    if catalog.behaviour.layout is Layout.RENDERER:
        entries = [{"playlistVideoListRenderer": {"contents": entries}}]
    return {"itemSectionRenderer": {"contents": entries}}


def _entries(catalog: Catalog, playlist: PlaylistPage, start: int) -> list[Json]:
    is_lockup = catalog.behaviour.layout is Layout.LOCKUP
    write = _lockup if is_lockup else _renderer
    entries = [write(video) for video in catalog.entries(playlist, start, PAGE_ENTRIES)]
    if start + PAGE_ENTRIES < len(playlist.video_ids):
        token = base64.urlsafe_b64encode(f"{playlist.id} {start + PAGE_ENTRIES}".encode()).decode()
        entries.append(_next_lockup(token) if is_lockup else _next_renderer(token))
    return entries


def _next_lockup(token: str) -> Json:
    command = {"continuationCommand": {"token": token, "request": "CONTINUATION_REQUEST_TYPE_BROWSE"}}
    return {"continuationItemViewModel": {"continuationCommand": {"innertubeCommand": command}}}


def _next_renderer(token: str) -> Json:
    command = {"token": token, "request": "CONTINUATION_REQUEST_TYPE_BROWSE"}
    return {"continuationItemRenderer": {"continuationEndpoint": {"continuationCommand": command}}}


def _lockup(video: Video) -> Json:
    badge = {"badgeViewModel": {"badgeStyle": "BADGE_MEMBERS_ONLY", "badgeText": "Members only"}}
    rows: list[Json] = [{"badges": [badge]}] if video.state is VideoState.MEMBERS_ONLY else []
    return {
        "lockupViewModel": {
            "contentId": video.id,
            "contentType": "LOCKUP_CONTENT_TYPE_VIDEO",
            "contentImage": {"thumbnailViewModel": {"overlays": _lockup_overlays(video)}},
            "metadata": {
                "lockupMetadataViewModel": {
                    "title": {"content": _title(video)},
                    "metadata": {"contentMetadataViewModel": {"metadataRows": rows}},
                }
            },
        }
    }


def _lockup_overlays(video: Video) -> list[Json]:
    text, style = _time_badge(video)
    if not text:
        return []
    badge = {"thumbnailBadgeViewModel": {"text": text, "badgeStyle": f"THUMBNAIL_OVERLAY_BADGE_STYLE_{style}"}}
    return [{"thumbnailBottomOverlayViewModel": {"badges": [badge]}}]


def _time_badge(video: Video) -> tuple[str, str]:
    if video.state is VideoState.LIVE:
        return "LIVE", "LIVE"
    if video.state is VideoState.UPCOMING:
        return "Upcoming", "DEFAULT"
    if video.state in _HIDDEN_TITLES:
        return "", ""
    minutes, seconds = divmod(round(video.duration_seconds), 60)
    return f"{minutes}:{seconds:02}", "DEFAULT"


def _renderer(video: Video) -> Json:
    renderer: Json = {"videoId": video.id, "title": {"runs": [{"text": _title(video)}]}}
    if video.state is VideoState.UPCOMING:
        renderer["upcomingEventData"] = {"startTime": "4102444800"}
    elif video.state is VideoState.LIVE:
        renderer["badges"] = [{"metadataBadgeRenderer": {"style": "BADGE_STYLE_TYPE_LIVE_NOW", "label": "LIVE"}}]
    elif video.state not in _HIDDEN_TITLES:
        renderer["lengthSeconds"] = str(round(video.duration_seconds))
    if video.state is VideoState.MEMBERS_ONLY:
        badge = {"style": "BADGE_STYLE_TYPE_MEMBERS_ONLY", "label": "Members only"}
        renderer["badges"] = [{"metadataBadgeRenderer": badge}]
    return {"playlistVideoRenderer": renderer}


def _panel_entry(video: Video, playlist_id: str) -> dict[str, Any]:
    return {
        "videoId": video.id,
        "title": {"simpleText": _title(video)},
        "lengthText": {"simpleText": _time_badge(video)[0]},
        "navigationEndpoint": {"watchEndpoint": {"videoId": video.id, "playlistId": playlist_id}},
    }


def _title(video: Video) -> str:
    return _HIDDEN_TITLES.get(video.state, video.title)
