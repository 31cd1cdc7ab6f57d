"""German translations of the streaming side's messages; `bot/i18n/sentences.py` has the notation."""

SENTENCES = {
    # Streams, and which one is meant
    "There are no streams yet.": "Hier gibt es noch keinen Stream.",
    "Start one with /stream start.": "Starte einen mit /stream start.",
    "There is no stream {}.": "Einen Stream „{0:bare}“ gibt es nicht.",
    "See /stream list.": "Sieh dir /stream list an.",
    "Several streams would fit: {}.": "Mehrere Streams passen: {0}.",
    "Name one with stream:.": "Nenne einen mit stream:.",
    "The mode {} is not there yet.": "Die Art „{0:bare}“ gibt es noch nicht.",
    "Use mode:direct.": "Nimm mode:direct.",
    "{} is not on air.": "„{0:bare}“ ist nicht auf Sendung.",
    "The stream is not on air.": "Der Stream ist nicht auf Sendung.",
    "Start it with /stream start.": "Starte ihn mit /stream start.",
    "The stream is gone.": "Den Stream gibt es nicht mehr.",
    "Start it again with /stream start.": "Starte ihn neu mit /stream start.",
    "{} has no target any more.": "„{0:bare}“ hat kein Ziel mehr.",
    "Start it on another one with /stream start.": "Starte ihn mit /stream start auf einem anderen.",
    "{} is on air.": "„{0:bare}“ ist auf Sendung.",
    "Take it off first with /stream stop.": "Nimm ihn zuerst mit /stream stop von der Sendung.",
    "Nothing was to be changed.": "Es war nichts zu ändern.",
    "Say what: title:, description:, shuffle: …": "Sag, was: title:, description:, shuffle: …",
    "{} has no panel.": "„{0:bare}“ hat kein Panel.",
    "Make one with /stream panel.": "Hol dir eines mit /stream panel.",
    # Targets
    "There are no targets yet.": "Hier gibt es noch kein Ziel.",
    "Add one with /target add.": "Lege eines mit /target add an.",
    "There are several targets: {}.": "Es gibt mehrere Ziele: {0}.",
    "Name one with to:, or several with commas.": "Nenne eines mit to:, oder mehrere mit Kommas.",
    "There is no target {}.": "Ein Ziel „{0:bare}“ gibt es nicht.",
    "There is {}; /target add adds another.": "Es gibt {0}; mit /target add kommt ein anderes dazu.",
    "The target {} is in use by the stream {}.": "Das Ziel „{0:bare}“ wird vom Stream „{1:bare}“ benutzt.",
    "Take that off the air first with /stream stop, or use another target.": (
        "Nimm den zuerst mit /stream stop von der Sendung, oder nimm ein anderes Ziel."
    ),
    "A target's name has 1 to {} characters and no comma.": (
        "Der Name eines Ziels hat 1 bis {0} Zeichen und kein Komma."
    ),
    "Choose another name.": "Wähle einen anderen Namen.",
    "A stream key is one word of at most {} plain characters.": (
        "Ein Streamschlüssel ist ein einziges Wort aus höchstens {0} einfachen Zeichen."
    ),
    "Copy it again from the platform's live dashboard.": (
        "Kopiere ihn noch einmal aus dem Live-Dashboard der Plattform."
    ),
    "A custom target needs the URL of its ingest.": "Ein solches Ziel braucht die URL seines Ingests.",
    "It begins with rtmp:// or rtmps://.": "Sie beginnt mit rtmp:// oder rtmps://.",
    "This is not the URL of an ingest.": "Das ist nicht die URL eines Ingests.",
    "An ingest's URL must hold no password and no token.": (
        "In der URL eines Ingests darf kein Passwort und kein Token stehen."
    ),
    "Put what is secret into the field for the stream key.": (
        "Schreib, was geheim ist, in das Feld für den Streamschlüssel."
    ),
    "Streams may only go to public addresses, and to ports that streaming servers use.": (
        "Streams dürfen nur an öffentliche Adressen gehen, und an Ports, die Streaming-Server benutzen."
    ),
    "Whoever runs Nonstop can allow more: [targets] allow in its settings.": (
        "Wer Nonstop betreibt, kann mehr erlauben: [targets] allow in den Einstellungen."
    ),
    "It looks like rtmp://HOST/APPLICATION.": "Sie sieht so aus: rtmp://HOST/ANWENDUNG.",
    "The target is in use by the stream {}, which is {}. {}": (
        "Das Ziel wird vom Stream „{0:bare}“ benutzt ({1:told}). {2:told}"
    ),
    "The target is in use by the stream {}, which is {}.": ("Das Ziel wird vom Stream „{0:bare}“ benutzt ({1:told})."),
    "See /stream status, or take the stream off the air first with /stream stop.": (
        "Sieh dir /stream status an, oder nimm den Stream zuerst mit /stream stop von der Sendung."
    ),
    "It is live right now, so it works: {} is on air there.": (
        "Es sendet gerade, also funktioniert es: „{0:bare}“ ist dort auf Sendung."
    ),
    "The ingest accepted it after {} s and took two seconds of picture and sound.": (
        "Der Ingest hat es nach {0:number} s angenommen und zwei Sekunden Bild und Ton bekommen."
    ),
    "This machine cannot test it now.": "Dieser Rechner kann es gerade nicht testen.",
    "The engine's log says why.": "Im Log der Engine steht, warum.",
    "The target is gone.": "Das Ziel gibt es nicht mehr.",
    "Add it again with /target add.": "Lege es mit /target add neu an.",
    "The ingest does not answer within {} s.": "Der Ingest antwortet nicht innerhalb von {0} s.",
    "Check the target's URL, and that this machine may reach it.": (
        "Prüfe die URL des Ziels, und ob dieser Rechner sie erreichen darf."
    ),
    "The ingest took the connection and closed it again.": (
        "Der Ingest hat die Verbindung angenommen und wieder geschlossen."
    ),
    "Check the key, and that the platform's dashboard expects a stream.": (
        "Prüfe den Schlüssel, und ob das Dashboard der Plattform einen Stream erwartet."
    ),
    # Playlists
    "Another playlist is called {}.": "Eine andere Playlist heißt schon „{0:bare}“.",
    "Give this one another name.": "Gib dieser einen anderen Namen.",
    "There is no saved playlist {}.": "Eine gespeicherte Playlist „{0:bare}“ gibt es nicht.",
    "See /playlist list.": "Sieh dir /playlist list an.",
    "A playlist's name has 1 to {} characters and is not {}.": (
        "Der Name einer Playlist hat 1 bis {0} Zeichen und ist nicht „{1:bare}“."
    ),
    "{} names a playlist {}, and there is no such id.": (
        "„{0:bare}“ nennt eine Playlist {1}; eine solche ID gibt es nicht."
    ),
    "{} is neither a playlist nor a video.": "„{0:bare}“ ist weder eine Playlist noch ein Video.",
    "{} is not the id of a YouTube playlist or video.": "„{0:bare}“ ist keine ID einer Playlist oder eines Videos.",
    "{} is not an address.": "„{0:bare}“ ist keine Adresse.",
    "{} is not an address at YouTube.": "„{0:bare}“ ist keine Adresse bei YouTube.",
    "Give the address of a YouTube playlist or video (https://www.youtube.com/playlist?list=PL…), "
    "or its id alone (PL…, UU…, OLAK5uy_…, or the 11 characters of a video).": (
        "Gib die Adresse einer Playlist oder eines Videos bei YouTube an (https://www.youtube.com/playlist?list=PL…), "
        "oder nur die ID (PL…, UU…, OLAK5uy_… oder die 11 Zeichen eines Videos)."
    ),
    "The playlist is empty.": "Die Playlist ist leer.",
    "This playlist is empty.": "Diese Playlist ist leer.",
    "Add videos to it, or name another one.": "Füge ihr Videos hinzu, oder nenne eine andere.",
    "Nothing in this playlist can be played now.": "In dieser Playlist lässt sich gerade nichts abspielen.",
    "Nothing in this playlist can be played.": "Nichts in dieser Playlist lässt sich spielen.",
    "The stream's log says why, video by video.": "Im Log des Streams steht für jedes Video, warum.",
    "The playlist was not listed within {} s.": "Die Playlist war nach {0} s nicht gelesen.",
    "The playlist cannot be listed: yt-dlp cannot read it.": (
        "Die Playlist lässt sich nicht lesen: yt-dlp kommt nicht damit zurecht."
    ),
    "A newer yt-dlp may help.": "Ein neueres yt-dlp hilft vielleicht.",
    "There is no such playlist, or it is private.": "Diese Playlist gibt es nicht, oder sie ist privat.",
    "Make it public or unlisted, or give cookies of its owner ([youtube] cookies_file, account_guilds).": (
        "Mach sie öffentlich oder nicht gelistet, "
        "oder gib Cookies ihres Besitzers an ([youtube] cookies_file, account_guilds)."
    ),
    "This is not a YouTube address.": "Das ist keine Adresse bei YouTube.",
    # The order of play
    "There is no item {} in the list of {}.": "In der Liste von „{1:bare}“ gibt es kein Video „{0:bare}“.",
    "Find it with /stream queue search:.": "Such es mit /stream queue search:.",
    "Several items would fit: {}.": "Mehrere Videos passen: {0}.",
    "Choose one while you type its title.": "Wähle eines, während du seinen Titel tippst.",
    "Skipped “{}”.": "„{0}“ übersprungen.",
    "Back to “{}”.": "Zurück zu „{0}“.",
    "Now playing “{}”.": "Jetzt läuft „{0}“.",
    "“{}” comes next.": "„{0}“ kommt als Nächstes.",
    "“{}” will not play any more.": "„{0}“ wird nicht mehr gespielt.",
    "“{}” cannot be played now: {}.": "„{0}“ lässt sich jetzt nicht spielen: {1:told}.",
    "What is on air stays there.": "Was auf Sendung ist, bleibt es.",
    "“{}” is all that is left to play.": "„{0}“ ist alles, was noch zu spielen ist.",
    "Stop the stream instead.": "Beende lieber den Stream.",
    "That item is not in the list.": "Dieses Video ist nicht in der Liste.",
    "See /stream queue.": "Sieh dir /stream queue an.",
    "The lineup has come to its end.": "Die Liste ist zu Ende gespielt.",
    "Start it again with /stream restart.": "Starte ihn neu mit /stream restart.",
    "Nothing is on air yet.": "Noch ist nichts auf Sendung.",
    "Try again in a moment.": "Versuch es gleich noch einmal.",
    "Nothing has played before this.": "Davor lief noch nichts.",
    "Nothing is playing that could be skipped.": "Es läuft nichts, was sich überspringen ließe.",
    # The engine
    "No engine is running: start one with `python -m streaming run`, or everything with `make run`.": (
        "Es läuft keine Engine: Starte eine mit `python -m streaming run`, oder alles mit `make run`."
    ),
    "The engine declined.": "Die Engine hat abgelehnt.",
    "The engine took the command but does not answer.": "Die Engine hat den Auftrag genommen, antwortet aber nicht.",
    "See /stream status.": "Sieh dir /stream status an.",
    "What was asked about is gone.": "Das, worum es ging, gibt es nicht mehr.",
    "This engine does not know how to do that.": "Diese Engine weiß nicht, wie das geht.",
    "Update it to the bot's version.": "Bring sie auf die Version des Bots.",
    "The engine gave no picture.": "Die Engine hat kein Bild geliefert.",
    "There is nothing to see yet.": "Noch ist nichts zu sehen.",
    "Try again in a few seconds.": "Versuch es in ein paar Sekunden noch einmal.",
    "FFmpeg makes no picture of what is on air.": "FFmpeg macht kein Bild von dem, was auf Sendung ist.",
    "The machine is too busy; try again later.": "Der Rechner hat zu viel zu tun; versuch es später noch einmal.",
    "Try again at the next item.": "Versuch es beim nächsten Video noch einmal.",
    "The lineup was played to its end.": "Die Liste wurde zu Ende gespielt.",
    "Its engine ended unexpectedly.": "Seine Engine hat unerwartet aufgehört.",
    "Something went wrong that should not have; the engine's log says more.": (
        "Etwas ist schiefgegangen, das nicht hätte schiefgehen dürfen; im Log der Engine steht mehr."
    ),
    "None of its targets can be used.": "Keines seiner Ziele ist zu gebrauchen.",
    "Add them again with /target add.": "Lege sie mit /target add neu an.",
    "FFmpeg cannot draw the slate: {}.": "FFmpeg kann das Standbild nicht zeichnen: {0}.",
    "This machine cannot play it now: {}.": "Dieser Rechner kann ihn gerade nicht spielen: {0}.",
    "{} It is tried again.": "{0:told} Es wird wieder versucht.",
    "This machine cannot run FFmpeg: {}.": "Dieser Rechner kann FFmpeg nicht starten: {0}.",
    "The demo's clips cannot be kept: {}.": "Die Clips der Demo lassen sich nicht ablegen: {0}.",
    "The demo clip could not be drawn: {}.": "Der Clip der Demo ließ sich nicht zeichnen: {0}.",
    "The key for stream keys cannot be read from {}: {}.": (
        "Der Schlüssel für Streamschlüssel lässt sich nicht aus {0} lesen: {1}."
    ),
    "Set [secrets] key_file to a file this user can read.": (
        "Setze [secrets] key_file auf eine Datei, die dieser Benutzer lesen kann."
    ),
    "{} holds no key for stream keys; 44 characters of URL-safe base64 were expected.": (
        "{0} enthält keinen Schlüssel für Streamschlüssel; erwartet waren 44 Zeichen URL-sicheres Base64."
    ),
    "Put the old file back, or give up what it encrypted with `python -m bot rekey --forget`.": (
        "Leg die alte Datei zurück, oder gib mit `python -m bot rekey --forget` auf, was sie verschlüsselt hat."
    ),
    "The key for stream keys cannot be kept in {}: {}.": (
        "Der Schlüssel für Streamschlüssel lässt sich in {0} nicht aufbewahren: {1}."
    ),
    "Others can read the key file {} (its mode is {}).": (
        "Andere können die Schlüsseldatei {0} lesen (ihre Rechte sind {1})."
    ),
    "Take it from them: chmod 600 {}": "Nimm sie ihnen: chmod 600 {0}",
    "A stored stream key was encrypted with another key.": (
        "Ein gespeicherter Streamschlüssel ist mit einem anderen Schlüssel verschlüsselt."
    ),
    "Put the old key file back ([secrets] key_file), or add the target again.": (
        "Leg die alte Schlüsseldatei zurück ([secrets] key_file), oder lege das Ziel neu an."
    ),
    # Limits
    "This server has reached its limit of streams ({}).": "Dieser Server hat so viele Streams, wie er darf ({0}).",
    "Delete one with /stream delete.": "Lösche einen mit /stream delete.",
    "This server has reached its limit of streams on air ({}).": (
        "Dieser Server hat so viele Streams auf Sendung, wie er darf ({0})."
    ),
    "Take one off with /stream stop.": "Nimm einen mit /stream stop von der Sendung.",
    "This server has reached its limit of streams that are encoded ({}).": (
        "Auf diesem Server werden so viele Streams kodiert, wie er darf ({0})."
    ),
    "This machine has reached its limit of streams that are encoded ({}).": (
        "Auf diesem Rechner werden so viele Streams kodiert, wie er schafft ({0})."
    ),
    "Stop one of them, or start this one with encode:copy.": "Beende einen davon, oder starte diesen mit encode:copy.",
    "This server has reached its limit of targets ({}).": "Dieser Server hat so viele Ziele, wie er darf ({0}).",
    "Remove one with /target remove.": "Entferne eines mit /target remove.",
    "This server has reached its limit of saved playlists ({}).": (
        "Dieser Server hat so viele gespeicherte Playlists, wie er darf ({0})."
    ),
    "Remove one with /playlist remove.": "Entferne eine mit /playlist remove.",
    "This server has reached its limit of panels ({}).": "Dieser Server hat so viele Panels, wie er darf ({0}).",
    "Remove one with /stream panel remove:True.": "Entferne eines mit /stream panel remove:True.",
    "This server has reached its limit of target tests ({} a minute).": (
        "Dieser Server hat so oft Ziele getestet, wie er darf ({0}-mal in der Minute)."
    ),
    "This server has reached its limit of playlist refreshes ({} a minute).": (
        "Dieser Server hat so oft Playlists auffrischen lassen, wie er darf ({0}-mal in der Minute)."
    ),
    "This server has reached its limit of previews ({} a minute).": (
        "Dieser Server hat sich so oft Bilder zeigen lassen, wie er darf ({0}-mal in der Minute)."
    ),
    "Try again in a minute.": "Versuch es in einer Minute noch einmal.",
    "Too much is asked for one server at the same time.": "Für einen Server wird zu viel auf einmal gefragt.",
    "Too many targets are being tested at the moment.": "Gerade werden zu viele Ziele getestet.",
    "As many streams are encoded here as this machine can bear. It starts as soon as another one ends.": (
        "Hier werden so viele Streams kodiert, wie der Rechner verträgt. Er beginnt, sobald ein anderer endet."
    ),
    "As many streams are encoded as this server may have. It starts as soon as another one ends.": (
        "Es werden so viele Streams kodiert, wie dieser Server haben darf. Er beginnt, sobald ein anderer endet."
    ),
    "it has to be encoded, and there is no room for that now": (
        "es muss kodiert werden, und dafür ist gerade kein Platz"
    ),
    "The playlist {} is one of the account of whoever runs Nonstop, which this server may not use.": (
        "Die Playlist {0} gehört zum Konto dessen, der Nonstop betreibt, und dieser Server darf es nicht benutzen."
    ),
    "Name a playlist that is public or unlisted.": "Nimm eine Playlist, die öffentlich oder nicht gelistet ist.",
    # Ingests
    "The ingest refuses the stream key. Check the key, and that nothing else streams with it.": (
        "Der Ingest lehnt den Streamschlüssel ab. Prüfe den Schlüssel, und ob sonst nichts damit sendet."
    ),
    "The ingest says that something streams with this key already. It is tried again; if it lasts, "
    "see that nothing else uses the key.": (
        "Der Ingest sagt, dass mit diesem Schlüssel schon etwas sendet. Es wird neu versucht; dauert es an, "
        "sieh nach, ob sonst etwas den Schlüssel benutzt."
    ),
    "The ingest refuses the address. Check the target's URL.": (
        "Der Ingest lehnt die Adresse ab. Prüfe die URL des Ziels."
    ),
    (
        "Streams may not go to the target's address: it is not public. Whoever runs Nonstop can allow it "
        "([targets] allow)."
    ): (
        "An die Adresse des Ziels dürfen Streams nicht gehen: Sie ist nicht öffentlich. "
        "Wer Nonstop betreibt, kann sie erlauben ([targets] allow)."
    ),
    "The ingest cannot be reached. If it lasts, check the target's URL.": (
        "Der Ingest ist nicht zu erreichen. Dauert es an, prüfe die URL des Ziels."
    ),
    "The ingest closed the connection. It is being opened again.": (
        "Der Ingest hat die Verbindung geschlossen. Sie wird wieder geöffnet."
    ),
    "The connection to the ingest ended. It is being opened again.": (
        "Die Verbindung zum Ingest ist abgebrochen. Sie wird wieder geöffnet."
    ),
    "The ingest's certificate is not one to trust, so the key was not sent. "
    "Check the target's URL; an authority of your own is named in the settings.": (
        "Dem Zertifikat des Ingests ist nicht zu trauen, darum ging der Schlüssel nicht hinaus. "
        "Prüfe die URL des Ziels; eine eigene Zertifizierungsstelle gehört in die Einstellungen."
    ),
    "The server's name is unknown. Check the address, and this machine's name service.": (
        "Der Name des Servers ist unbekannt. Prüfe die Adresse und die Namensauflösung dieses Rechners."
    ),
    "The item's server refuses to hand it out. A fresh address may help.": (
        "Der Server des Videos gibt es nicht heraus. Eine frische Adresse hilft vielleicht."
    ),
    "The item is not there any more. It is passed over.": "Das Video gibt es nicht mehr. Es wird übergangen.",
    "The item's server does not answer as it should. It is tried again.": (
        "Der Server des Videos antwortet nicht, wie er sollte. Es wird neu versucht."
    ),
    "The item ends too early. What is missing is asked for again.": (
        "Das Video endet zu früh. Was fehlt, wird noch einmal geholt."
    ),
    "The item is not a media file, or it is damaged. It is passed over if it cannot be played.": (
        "Das ist keine Mediendatei, oder sie ist beschädigt. Sie wird übergangen, wenn sie sich nicht spielen lässt."
    ),
    "The item is not a media file, but a list or something else. It is passed over.": (
        "Das ist keine Mediendatei, sondern eine Liste oder etwas anderes. Sie wird übergangen."
    ),
    "The item's picture is larger than 8K. It is passed over.": "Das Bild ist größer als 8K. Es wird übergangen.",
    "FFmpeg needs more memory than it may have. If the item is a good one, let it have more: feeder_memory_mb.": (
        "FFmpeg braucht mehr Speicher, als es haben darf. Ist das Video in Ordnung, gib ihm mehr: feeder_memory_mb."
    ),
    "Nobody reads what is fed any more. Nothing has to be done when a stream ends or skips.": (
        "Niemand liest mehr, was geliefert wird. Endet oder springt der Stream, ist nichts zu tun."
    ),
    "The disk is full. Make room on it.": "Die Platte ist voll. Schaff Platz darauf.",
    # The watch
    "The ingest does not answer: the uplink connects anew.": (
        "Der Ingest antwortet nicht: Der Uplink verbindet sich neu."
    ),
    "The ingest takes nothing: the uplink connects anew.": "Der Ingest nimmt nichts an: Der Uplink verbindet sich neu.",
    "The uplink is stuck: another one takes its place.": "Der Uplink hängt: Ein anderer nimmt seinen Platz ein.",
    "The uplink is behind: it goes on at the newest keyframe.": (
        "Der Uplink ist im Rückstand: Er macht beim neuesten Keyframe weiter."
    ),
    "The uplink is too slow: this network or machine carries less than the stream needs.": (
        "Der Uplink ist zu langsam: Netz oder Rechner schaffen weniger, als der Stream braucht."
    ),
    "The feeder is stuck: another one goes on where it stopped.": (
        "Der Feeder hängt: Ein anderer macht weiter, wo er stehen blieb."
    ),
    "The item's server sends nothing: the item is opened again where it stopped.": (
        "Der Server des Videos sendet nichts: Es wird wieder geöffnet, wo es stehen blieb."
    ),
    "Sound and picture drift apart: the item has no sound or no picture here.": (
        "Ton und Bild laufen auseinander: Dem Video fehlt hier das eine oder das andere."
    ),
    "The slate is on air: it stays until an item can be played.": (
        "Das Standbild ist auf Sendung: Es bleibt, bis sich etwas spielen lässt."
    ),
    # The platform
    "YouTube asks this address to prove that it is not a bot.": (
        "YouTube verlangt von dieser Adresse den Beweis, dass sie kein Bot ist."
    ),
    "YouTube asks this address to solve a captcha.": "YouTube verlangt von dieser Adresse ein Captcha.",
    "YouTube asks for a pause of up to an hour.": "YouTube bittet um eine Pause von bis zu einer Stunde.",
    "YouTube seems to block this address.": "YouTube sperrt diese Adresse offenbar.",
    "YouTube says that this address asks too often.": "YouTube sagt, dass diese Adresse zu oft fragt.",
    "Give YouTube another address ([youtube] proxy) or an account ([youtube] cookies_file, account_guilds).": (
        "Gib YouTube eine andere Adresse ([youtube] proxy) oder ein Konto ([youtube] cookies_file, account_guilds)."
    ),
    "YouTube no longer accepts the cookies.": "YouTube nimmt die Cookies nicht mehr an.",
    "Export them again into [youtube] cookies_file.": "Exportiere sie neu nach [youtube] cookies_file.",
    "The cookies cannot be read.": "Die Cookies lassen sich nicht lesen.",
    "Export them in Netscape format into [youtube] cookies_file.": (
        "Exportiere sie im Netscape-Format nach [youtube] cookies_file."
    ),
    "The certificate shown for YouTube is not trusted.": "Dem Zertifikat, das für YouTube gezeigt wird, traut niemand.",
    "Behind a proxy that opens TLS, name its authority in [youtube] ca_file.": (
        "Öffnet ein Proxy TLS, nenne seine Zertifizierungsstelle in [youtube] ca_file."
    ),
    "yt-dlp cannot be set up.": "yt-dlp lässt sich nicht einrichten.",
    "Are the [youtube] options right? The engine's log says what it says.": (
        "Stimmen die [youtube] options? Im Log der Engine steht, was es sagt."
    ),
    "YouTube could not be reached.": "YouTube war nicht zu erreichen.",
    "YouTube could not be reached through [youtube] proxy.": "YouTube war über [youtube] proxy nicht zu erreichen.",
    "YouTube did not answer in time.": "YouTube hat nicht rechtzeitig geantwortet.",
    "YouTube's listing broke off.": "Die Liste von YouTube ist abgebrochen.",
    "yt-dlp could not be started.": "yt-dlp ließ sich nicht starten.",
    "yt-dlp is not installed at this moment.": "yt-dlp ist gerade nicht installiert.",
    "yt-dlp died twice over this video.": "yt-dlp ist an diesem Video zweimal gescheitert.",
    "youtube.proxy must begin with http://: media are read through HTTP proxies only.": (
        "youtube.proxy muss mit http:// beginnen: Medien werden nur über HTTP-Proxys gelesen."
    ),
    # Clauses: why one video is not played; they follow its title
    "private": "privat",
    "deleted": "gelöscht",
    "live now": "gerade live",
    "not out yet": "noch nicht erschienen",
    "members only": "nur für Mitglieder",
    "has to be paid for": "kostet Geld",
    "its account was closed by YouTube": "YouTube hat sein Konto geschlossen",
    "not available in this country": "in diesem Land nicht verfügbar",
    "removed for a copyright claim": "wegen eines Urheberrechts entfernt",
    "for adults only, which needs cookies": "nur für Erwachsene, was Cookies braucht",
    "copy-protected": "kopiergeschützt",
    "a live stream without a recording": "ein Livestream ohne Aufzeichnung",
    "YouTube asked to reload the page": "YouTube wollte, dass die Seite neu geladen wird",
    "in no format that can be streamed": "in keinem Format, das sich streamen lässt",
    "in no format that can be read, until a newer yt-dlp knows how": (
        "in keinem Format, das sich lesen lässt, bis ein neueres yt-dlp es kann"
    ),
    "unavailable at the moment": "zurzeit nicht verfügbar",
    "yt-dlp cannot read it": "yt-dlp kann es nicht lesen",
    "no clip of the demo": "kein Clip der Demo",
    "its server does not answer as it should": "sein Server antwortet nicht, wie er sollte",
    "it has neither picture nor sound": "es hat weder Bild noch Ton",
    "FFmpeg ended without a word": "FFmpeg hörte wortlos auf",
    "it cannot be opened ({})": "es lässt sich nicht öffnen ({0})",
    "it is a text, not a media file": "es ist ein Text, keine Mediendatei",
    "it is not a media file, but a list or something else": "es ist keine Mediendatei, sondern eine Liste oder anderes",
    "its picture is larger than 8K": "sein Bild ist größer als 8K",
    "it needs more memory than an item may have": "es braucht mehr Speicher, als ein Video haben darf",
    "its origin sends us to an address that is not on the internet": (
        "sein Ursprung schickt uns an eine Adresse, die nicht im Internet liegt"
    ),
    "its origin sends us to what is no address": "sein Ursprung schickt uns an etwas, das keine Adresse ist",
    "{} sends us from one address to the next without an end": "{0} schickt uns ohne Ende von Adresse zu Adresse",
    "it is a still picture": "es ist ein einzelnes Bild",
    "it did not answer within {} s": "es kam binnen {0} s keine Antwort",
    "access to it is refused": "der Zugriff darauf wird verweigert",
    "it is not there any more": "es ist nicht mehr da",
    "it is not a media file, or it is damaged": "es ist keine Mediendatei, oder sie ist beschädigt",
    "FFmpeg was killed": "FFmpeg wurde abgeschossen",
    "something went wrong that should not have": "etwas ging schief, was nicht hätte schiefgehen dürfen",
    "this machine cannot run FFmpeg: {}": "dieser Rechner kann FFmpeg nicht starten: {0}",
    "it is not read any more": "es wird nicht mehr gelesen",
    "it did not start in time": "es ist nicht rechtzeitig gestartet",
    "FFmpeg finds nothing to play in it": "FFmpeg findet darin nichts zu spielen",
    "its origin sent nothing": "sein Server hat nichts geschickt",
    "playing it needs a seek, which its origin cannot serve": (
        "dafür müsste gesprungen werden, was sein Server nicht kann"
    ),
    "it changed at its origin: it had {} bytes, now {}": (
        "es hat sich auf seinem Server geändert: es hatte {0} Bytes, jetzt {1}"
    ),
    "{} does not serve it (HTTP {})": "{0} liefert es nicht (HTTP {1})",
    "{} is in trouble (HTTP {})": "{0} hat eine Störung (HTTP {1})",
    "{} sent bytes from {} on when asked for those from {} on": "{0} schickte Bytes ab {1} statt ab {2}",
    "its address is not a URL that can be read": "seine Adresse ist keine URL, die sich lesen lässt",
    "{} sent nothing for {} s": "{0} hat {1} s lang nichts geschickt",
    "the connection to {} failed: {}": "die Verbindung zu {0} ist gescheitert: {1:told}",
    "the proxy refuses it (HTTP {})": "der Proxy weist sie zurück (HTTP {0})",
    "its certificate is not trusted": "seinem Zertifikat wird nicht vertraut",
    "the encrypted connection failed": "die Verschlüsselung kam nicht zustande",
    "its name is unknown": "sein Name ist unbekannt",
    "the proxy does not take connections": "der Proxy nimmt keine Verbindungen an",
    "the connection was closed": "die Verbindung wurde geschlossen",
    "it answers with {}": "er antwortet mit {0}",
    "the connection failed": "die Verbindung kam nicht zustande",
    "it is now offered in another format, which cannot continue the one before": (
        "es wird jetzt in einem anderen Format angeboten, mit dem es nicht weitergehen kann"
    ),
    "no fresh address came within {} s": "binnen {0} s kam keine frische Adresse",
    # Clauses: how a video is treated
    "it fits as it is": "es passt, wie es ist",
    "encode is set to always": "encode steht auf always",
    "its video is {}, not H.264": "sein Video ist {0:told}, nicht H.264",
    "missing": "nicht da",
    "its pixel format is {}": "sein Pixelformat ist {0}",
    "it is {}×{}, not {}×{}": "es hat {0}×{1}, nicht {2}×{3}",
    "its frame rate is {}": "seine Bildrate ist {0:number}",
    "its picture begins too late to be looked at": "sein Bild beginnt zu spät, um angesehen zu werden",
    "it has {} Mbit/s": "es hat {0:number} Mbit/s",
    "it is turned by a note beside its picture": "ein Vermerk neben dem Bild dreht es",
    "it is interlaced": "es besteht aus Halbbildern",
    "its pixels are not square": "seine Bildpunkte sind nicht quadratisch",
    "its colours are HDR": "seine Farben sind HDR",
    "it hides a part of what it holds": "ein Teil davon soll nicht zu sehen sein",
    "its picture and its sound begin apart": "Bild und Ton beginnen nicht zugleich",
    "it goes on in the middle": "es geht mittendrin weiter",
    # Clauses: what is wrong with a video while it plays
    "its sound is HE-AAC": "sein Ton ist HE-AAC",
    "its clock makes no sense": "seine Zeitangaben ergeben keinen Sinn",
    "its clock jumps": "seine Zeitangaben springen",
    "there is no picture for some of its sound": "zu einem Teil des Tons fehlt das Bild",
    "its pictures come too far apart": "seine Bilder liegen zu weit auseinander",
    "its keyframes are too far apart": "seine Keyframes liegen zu weit auseinander",
    "there is too much between its keyframes": "zwischen seinen Keyframes liegt zu viel",
    "a part of it is damaged": "ein Teil davon ist beschädigt",
    "its size changes in the middle": "seine Größe wechselt mittendrin",
    "FFmpeg cannot send it on as it is": "FFmpeg kann es so nicht weiterschicken",
    # What a completion says of a stream or playlist
    "off air": "nicht auf Sendung",
    "waiting for an engine": "wartet auf eine Engine",
    "waiting": "wartet",
    "starting": "startet",
    "listing": "liest die Playlist",
    "resolving": "holt das erste Video",
    "connecting": "verbindet",
    "on air": "auf Sendung",
    "slate": "mit Standbild",
    "reconnecting": "verbindet neu",
    "stopping": "hört auf",
    "ended": "zu Ende",
    "stopped": "nicht auf Sendung",
    "failed": "gescheitert",
    "a few clips of our own": "ein paar Clips von uns",
    "{} items": "{0} Videos",
    "place {} in the list": "Platz {0} der Liste",
    "played lately": "zuletzt gespielt",
}
