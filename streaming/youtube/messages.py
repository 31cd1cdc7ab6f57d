"""What is said of YouTube, its playlists and its videos."""

from streaming.model.message import Text


class References:
    """What people write for a playlist or a video."""

    NO_ID = Text("“{text}” is not the ID of a YouTube playlist or video.")
    NO_LINK = Text("“{text}” is not a link.")
    OTHER_SITE = Text("“{text}” is not a link to YouTube.")
    NO_PLAYLIST_ID = Text("“{text}” contains “{playlist_id}”, which is not a playlist ID.")
    NEITHER = Text("“{text}” is neither a playlist nor a video.")
    EXPECTED = Text(
        "Give the link to a YouTube playlist or video (https://www.youtube.com/playlist?list=PL…), "
        "or just its ID (PL…, UU…, OLAK5uy_…, or the 11 characters of a video)."
    )
    OF_ACCOUNT = Text("The playlist {playlist} belongs to the operator's account, which this server may not use.")
    CHOOSE_PUBLIC = Text("Choose a playlist that is public or unlisted.")


class YouTubeListings:
    """Why a playlist cannot be listed."""

    UNKNOWN = Text("There is no such playlist, or it is private.")
    MAKE_PUBLIC = Text(
        "Make it public or unlisted, or give cookies of its owner ([youtube] cookies_file, account_guilds)."
    )
    NOT_YOUTUBE = Text("This is not a YouTube link.")
    EMPTY = Text("The playlist is empty.")
    UNREADABLE = Text("The playlist cannot be read: yt-dlp does not understand it.")
    INTERRUPTED = Text("Reading the playlist from YouTube was interrupted.")


class Videos:
    """Why one video cannot be played, as a clause."""

    PRIVATE = Text("private")
    DELETED = Text("deleted")
    ACCOUNT_CLOSED = Text("its account was closed by YouTube")
    OTHER_COUNTRY = Text("not available in this country")
    COPYRIGHT = Text("removed for a copyright claim")
    AGE = Text("age-restricted, which needs cookies")
    MEMBERS_ONLY = Text("members only")
    PAID = Text("requires payment")
    PROTECTED = Text("copy-protected")
    LIVE = Text("live now")
    UPCOMING = Text("not released yet")
    NOT_RECORDED = Text("a live stream without a recording")
    RELOAD = Text("YouTube asked to reload the page")
    NO_FORMAT = Text("not available in a format that can be streamed")
    UNAVAILABLE = Text("unavailable at the moment")
    OUTDATED = Text("not readable with this version of yt-dlp")
    UNREADABLE = Text("yt-dlp cannot read it")


class YouTube:
    """Why YouTube does not answer."""

    BOT = Text("YouTube asks this address to prove that it is not a bot.")
    CAPTCHA = Text("YouTube asks this address to solve a captcha.")
    PAUSE = Text("YouTube asks for a pause of up to an hour.")
    BLOCKED = Text("YouTube seems to block this address.")
    TOO_MANY_REQUESTS = Text("YouTube says that this address sends too many requests.")
    OTHER_ADDRESS = Text(
        "Use another address for YouTube ([youtube] proxy) or an account ([youtube] cookies_file, account_guilds)."
    )
    COOKIES_EXPIRED = Text("YouTube no longer accepts the cookies.")
    EXPORT_COOKIES = Text("Export them again into [youtube] cookies_file.")
    COOKIES_UNREADABLE = Text("The cookies cannot be read.")
    EXPORT_NETSCAPE = Text("Export them in Netscape format into [youtube] cookies_file.")
    CERTIFICATE = Text("The certificate shown for YouTube is not trusted.")
    SET_CA_FILE = Text("Behind a proxy that intercepts TLS, set its certificate authority in [youtube] ca_file.")
    UNREACHABLE = Text("YouTube could not be reached.")
    UNREACHABLE_BY_PROXY = Text("YouTube could not be reached through [youtube] proxy.")
    TIMEOUT = Text("YouTube did not answer in time.")


class YtDlp:
    """Why yt-dlp does not work."""

    NOT_SET_UP = Text("yt-dlp cannot be set up.")
    CHECK_OPTIONS = Text("Check the [youtube] options. The engine's log has yt-dlp's message.")
    NOT_STARTED = Text("yt-dlp could not be started.")
    NOT_INSTALLED = Text("yt-dlp is not installed at this moment.")
    CRASHED = Text("yt-dlp crashed twice on this video.")
    UPDATE = Text("A newer yt-dlp may help.")
