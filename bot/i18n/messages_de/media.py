"""German: what is said of items, their servers, YouTube and FFmpeg."""

MESSAGES: dict[str, str] = {
    # Errors of any kind
    "unexpected.error": "ein unerwarteter Fehler ist aufgetreten",
    "unexpected.see_log": "Ein unerwarteter Fehler ist aufgetreten; im Log der Engine steht mehr.",
    # Playlists and videos on YouTube
    "references.no_id": "„{text}“ ist keine ID einer Playlist oder eines Videos.",
    "references.no_link": "„{text}“ ist kein Link.",
    "references.other_site": "„{text}“ ist kein Link zu YouTube.",
    "references.no_playlist_id": "„{text}“ enthält „{playlist_id}“, was keine Playlist-ID ist.",
    "references.neither": "„{text}“ ist weder eine Playlist noch ein Video.",
    "references.expected": (
        "Gib den Link zu einer Playlist oder einem Video auf YouTube an (https://www.youtube.com/playlist?list=PL…), "
        "oder nur die ID (PL…, UU…, OLAK5uy_… oder die 11 Zeichen eines Videos)."
    ),
    "references.of_account": (
        "Die Playlist {playlist} gehört zum Konto des Betreibers, das dieser Server nicht nutzen darf."
    ),
    "references.choose_public": "Wähle eine Playlist, die öffentlich oder nicht gelistet ist.",
    "youtubelistings.unknown": "Diese Playlist gibt es nicht, oder sie ist privat.",
    "youtubelistings.make_public": (
        "Mach sie öffentlich oder nicht gelistet, "
        "oder gib Cookies ihres Besitzers an ([youtube] cookies_file, account_guilds)."
    ),
    "youtubelistings.not_youtube": "Das ist kein Link zu YouTube.",
    "youtubelistings.empty": "Die Playlist ist leer.",
    "youtubelistings.unreadable": "Die Playlist lässt sich nicht lesen: yt-dlp kommt nicht damit zurecht.",
    "youtubelistings.interrupted": "Das Lesen der Playlist von YouTube wurde unterbrochen.",
    "videos.private": "privat",
    "videos.deleted": "gelöscht",
    "videos.account_closed": "YouTube hat sein Konto geschlossen",
    "videos.other_country": "in diesem Land nicht verfügbar",
    "videos.copyright": "wegen eines Urheberrechtsanspruchs entfernt",
    "videos.age": "altersbeschränkt, dafür sind Cookies nötig",
    "videos.members_only": "nur für Mitglieder",
    "videos.paid": "kostenpflichtig",
    "videos.protected": "kopiergeschützt",
    "videos.live": "gerade live",
    "videos.upcoming": "noch nicht erschienen",
    "videos.not_recorded": "ein Livestream ohne Aufzeichnung",
    "videos.reload": "YouTube wollte, dass die Seite neu geladen wird",
    "videos.no_format": "in keinem streambaren Format verfügbar",
    "videos.unavailable": "derzeit nicht verfügbar",
    "videos.outdated": "mit dieser Version von yt-dlp nicht lesbar",
    "videos.unreadable": "yt-dlp kann es nicht lesen",
    # YouTube and yt-dlp
    "youtube.bot": "YouTube verlangt von dieser Adresse den Beweis, dass sie kein Bot ist.",
    "youtube.captcha": "YouTube verlangt von dieser Adresse ein Captcha.",
    "youtube.pause": "YouTube bittet um eine Pause von bis zu einer Stunde.",
    "youtube.blocked": "YouTube sperrt diese Adresse offenbar.",
    "youtube.too_many_requests": "YouTube sagt, dass diese Adresse zu viele Anfragen stellt.",
    "youtube.other_address": (
        "Nutze für YouTube eine andere Adresse ([youtube] proxy) oder ein Konto ([youtube] cookies_file, "
        "account_guilds)."
    ),
    "youtube.cookies_expired": "YouTube nimmt die Cookies nicht mehr an.",
    "youtube.export_cookies": "Exportiere sie neu nach [youtube] cookies_file.",
    "youtube.cookies_unreadable": "Die Cookies lassen sich nicht lesen.",
    "youtube.export_netscape": "Exportiere sie im Netscape-Format nach [youtube] cookies_file.",
    "youtube.certificate": "Das Zertifikat für YouTube ist nicht vertrauenswürdig.",
    "youtube.set_ca_file": "Bricht ein Proxy TLS auf, trage seine Zertifizierungsstelle in [youtube] ca_file ein.",
    "youtube.unreachable": "YouTube war nicht zu erreichen.",
    "youtube.unreachable_by_proxy": "YouTube war über [youtube] proxy nicht zu erreichen.",
    "youtube.timeout": "YouTube hat nicht rechtzeitig geantwortet.",
    "ytdlp.not_set_up": "yt-dlp lässt sich nicht einrichten.",
    "ytdlp.check_options": "Prüfe die [youtube] options. Im Log der Engine steht die Meldung von yt-dlp.",
    "ytdlp.not_started": "yt-dlp ließ sich nicht starten.",
    "ytdlp.not_installed": "yt-dlp ist gerade nicht installiert.",
    "ytdlp.crashed": "yt-dlp ist an diesem Video zweimal abgestürzt.",
    "ytdlp.update": "Ein neueres yt-dlp hilft vielleicht.",
    # The demo
    "demo.unknown": "kein Demo-Clip",
    "demo.not_stored": "Die Demo-Clips lassen sich nicht speichern: {reason}.",
    "demo.not_drawn": "es ließ sich nicht zeichnen: {reason}",
    "demo.ended": "FFmpeg endete mit {exit_code}",
    "demo.too_slow": "es hat zu lange gedauert",
    # The servers of videos
    "origins.unreachable": "die Verbindung zu {host} ist gescheitert: {reason}",
    "origins.silent": "{host} hat {seconds:g} s lang nichts geschickt",
    "origins.refusal": "{host} verweigert den Zugriff (HTTP {status})",
    "origins.trouble": "{host} meldet einen Fehler (HTTP {status})",
    "origins.not_served": "{host} liefert es nicht (HTTP {status})",
    "origins.other_bytes": "{host} schickte Bytes ab {first_byte} statt ab {requested_byte}",
    "origins.redirects": "{host} leitet endlos weiter",
    "origins.nothing": "sein Server hat nichts geschickt",
    "origins.no_seeking": "dafür sind Sprünge nötig, die sein Server nicht unterstützt",
    "origins.changed": "es hat sich auf seinem Server geändert: es hatte {old_bytes} Bytes, jetzt {new_bytes}",
    "urls.invalid": "seine Adresse ist keine gültige URL",
    "urls.timeout": "binnen {seconds:g} s kam keine neue URL",
    "urls.other_format": "es wird jetzt in einem anderen Format angeboten und kann nicht weiterlaufen",
    "urls.abandoned": "es wird nicht mehr gelesen",
    "connections.proxy_answer": "der Proxy weist sie zurück (HTTP {status})",
    "connections.proxy": "der Proxy lehnt Verbindungen ab",
    "connections.certificate": "sein Zertifikat ist nicht vertrauenswürdig",
    "connections.encryption": "die Verschlüsselung kam nicht zustande",
    "connections.host_unknown": "sein Hostname ist unbekannt",
    "connections.closed": "die Verbindung wurde geschlossen",
    "connections.answer": "er antwortet mit {status}",
    "connections.failed": "die Verbindung kam nicht zustande",
    "redirects.not_public": "sein Server leitet an eine nicht öffentliche Adresse weiter",
    "redirects.invalid": "sein Server leitet an eine ungültige Adresse weiter",
    # FFmpeg
    "ffmpeg.cannot_run": "Dieser Rechner kann FFmpeg nicht starten: {reason}.",
    "complaints.key_refused": (
        "Der Ingest lehnt den Streamschlüssel ab. Prüfe, ob der Schlüssel stimmt und nichts anderes damit sendet."
    ),
    "complaints.key_busy": (
        "Der Ingest sagt, dass dieser Schlüssel schon benutzt wird. Neuer Versuch folgt; bleibt es so, "
        "prüfe, ob sonst noch etwas den Schlüssel benutzt."
    ),
    "complaints.address_refused": "Der Ingest lehnt die Adresse ab. Prüfe die URL des Ziels.",
    "complaints.certificate_refused": (
        "Das Zertifikat des Ingests ist nicht vertrauenswürdig; der Schlüssel wurde nicht gesendet. "
        "Prüfe die URL des Ziels oder setze ingest_ca_file."
    ),
    "complaints.address_not_public": (
        "An die Adresse des Ziels dürfen keine Streams gehen: Sie ist nicht öffentlich. "
        "Der Betreiber kann sie erlauben ([targets] allow)."
    ),
    "complaints.ingest_unreachable": "Der Ingest ist nicht erreichbar. Bleibt es so, prüfe die URL des Ziels.",
    "complaints.ingest_lost": "Der Ingest hat die Verbindung geschlossen. Neue Verbindung wird aufgebaut.",
    "complaints.host_unknown": ("Der Name des Servers ist unbekannt. Prüfe die Adresse und das DNS dieses Rechners."),
    "complaints.input_refused": ("Der Server des Videos verweigert den Zugriff. Eine neue URL hilft vielleicht."),
    "complaints.input_missing": "Das Video gibt es nicht mehr. Es wird übersprungen.",
    "complaints.input_unreachable": "Der Server des Videos antwortet nicht richtig. Neuer Versuch folgt.",
    "complaints.input_cut": "Das Video endet zu früh. Der Rest wird noch einmal geholt.",
    "complaints.input_broken": (
        "Die Datei ist beschädigt oder keine Mediendatei. Lässt sie sich nicht abspielen, wird sie übersprungen."
    ),
    "complaints.input_no_media": (
        "Das ist keine Mediendatei, sondern eine Liste oder etwas anderes. Sie wird übersprungen."
    ),
    "complaints.input_too_large": "Das Bild ist größer als 8K. Das Video wird übersprungen.",
    "complaints.out_of_memory": (
        "FFmpeg braucht mehr Speicher, als es nutzen darf. Ist das Video in Ordnung, erhöhe feeder_memory_mb."
    ),
    "complaints.reader_gone": (
        "Die Ausgabe von FFmpeg wird nicht mehr gelesen. Das ist normal, wenn ein Stream endet oder springt."
    ),
    "complaints.disk_full": "Die Festplatte ist voll. Gib Speicherplatz frei.",
    "inputs.too_much_memory": "es braucht mehr Speicher, als ein Video haben darf",
    "inputs.no_media": "es ist keine Mediendatei, sondern eine Liste oder anderes",
    "inputs.too_large": "sein Bild ist größer als 8K",
    "probe.refused": "der Zugriff darauf wird verweigert",
    "probe.missing": "es ist nicht mehr da",
    "probe.damaged": "es ist beschädigt oder keine Mediendatei",
    "probe.not_opened": "es lässt sich nicht öffnen ({reason})",
    "probe.no_message": "FFmpeg endete ohne Fehlermeldung",
    "probe.server": "sein Server antwortet nicht richtig",
    "probe.timeout": "es kam binnen {seconds:g} s keine Antwort",
    "probe.empty": "es hat weder Bild noch Ton",
    "probe.text": "es ist ein Text, keine Mediendatei",
    "probe.still": "es ist ein einzelnes Bild",
    "treatments.copied": "Kodieren nicht nötig",
    "treatments.always": "encode steht auf always",
    "treatments.codec": "sein Videoformat ist {codec}, nicht H.264",
    "treatments.no_video": "es hat kein Bild",
    "treatments.pixel_format": "sein Pixelformat ist {pixel_format}",
    "treatments.size": "seine Bildgröße ist {width}×{height}, nicht {stream_width}×{stream_height}",
    "treatments.frame_rate": "seine Bildrate ist {fps:g}",
    "treatments.bitrate": "seine Bitrate ist mit {megabits:.0f} Mbit/s zu hoch",
    "treatments.rotated": "seine Metadaten drehen das Bild",
    "treatments.interlaced": "es besteht aus Halbbildern",
    "treatments.pixels": "seine Bildpunkte sind nicht quadratisch",
    "treatments.hdr": "seine Farben sind HDR",
    "treatments.trimmed": "eine Schnittliste blendet einen Teil aus",
    "treatments.start_gap": "Bild und Ton beginnen nicht zugleich",
    "treatments.late_picture": "sein Bild beginnt zu spät, um geprüft zu werden",
    "thumbnails.none": "FFmpeg konnte kein Bild der laufenden Sendung machen.",
    "thumbnails.too_busy": "Der Rechner ist überlastet. Versuch es später noch einmal.",
    "thumbnails.next_item": "Versuch es beim nächsten Video noch einmal.",
}
