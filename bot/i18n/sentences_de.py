"""German translations of the streaming side's messages; `bot/i18n/sentences.py` has the notation."""

SENTENCES = {
    # Streams, and which one is meant
    "There are no streams yet.": "Hier gibt es noch keine Streams.",
    "Start one with /stream start.": "Starte einen mit /stream start.",
    "There is no stream {}.": "Einen Stream „{0:bare}“ gibt es nicht.",
    "See /stream list.": "Sieh dir /stream list an.",
    "Several streams match: {}.": "Mehrere Streams passen: {0}.",
    "Pick one with the stream option.": "Wähle einen mit der Option stream.",
    "The mode {} is not available yet.": "Den Modus „{0:bare}“ gibt es noch nicht.",
    "Use mode:direct.": "Nutze mode:direct.",
    "{} is not on air.": "„{0:bare}“ ist nicht auf Sendung.",
    "The stream is not on air.": "Der Stream ist nicht auf Sendung.",
    "Start it with /stream start.": "Starte ihn mit /stream start.",
    "The stream was deleted.": "Der Stream wurde gelöscht.",
    "Start it again with /stream start.": "Starte ihn neu mit /stream start.",
    "{} has no target left.": "„{0:bare}“ hat kein Ziel mehr.",
    "Start it on another one with /stream start.": "Starte ihn mit /stream start auf einem anderen.",
    "{} is on air.": "„{0:bare}“ ist auf Sendung.",
    "Stop it first with /stream stop.": "Beende ihn zuerst mit /stream stop.",
    "Nothing to change.": "Nichts zu ändern.",
    "Set at least one option, such as title or shuffle.": "Gib mindestens eine Option an, etwa title oder shuffle.",
    "{} has no panel.": "„{0:bare}“ hat kein Panel.",
    "Create one with /stream panel.": "Hol dir eines mit /stream panel.",
    # Targets
    "There are no targets yet.": "Hier gibt es noch keine Ziele.",
    "Add one with /target add.": "Lege eines mit /target add an.",
    "There is more than one target: {}.": "Es gibt mehr als ein Ziel: {0}.",
    "Pick one with the to option, or several with commas.": "Wähle eines mit der Option to, oder mehrere mit Kommas.",
    "There is no target {}.": "Ein Ziel „{0:bare}“ gibt es nicht.",
    "Available: {}. Add another with /target add.": "Vorhanden: {0}. Weitere legst du mit /target add an.",
    "The target {} is used by the stream {}.": "Das Ziel „{0:bare}“ wird vom Stream „{1:bare}“ benutzt.",
    "Stop that stream first with /stream stop, or use another target.": (
        "Beende diesen Stream zuerst mit /stream stop, oder nutze ein anderes Ziel."
    ),
    "A target's name has 1 to {} characters and no comma.": (
        "Der Name eines Ziels hat 1 bis {0} Zeichen und kein Komma."
    ),
    "Choose another name.": "Wähle einen anderen Namen.",
    "A stream key has no spaces and at most {} ASCII characters.": (
        "Ein Streamschlüssel hat keine Leerzeichen und höchstens {0} ASCII-Zeichen."
    ),
    "Copy it again from the platform's live dashboard.": (
        "Kopiere ihn noch einmal aus dem Live-Dashboard der Plattform."
    ),
    "A custom target needs the URL of its ingest.": "Ein solches Ziel braucht die URL seines Ingests.",
    "It begins with rtmp:// or rtmps://.": "Sie beginnt mit rtmp:// oder rtmps://.",
    "This is not the URL of an ingest.": "Das ist nicht die URL eines Ingests.",
    "An ingest's URL must not contain a password or a token.": (
        "Die URL eines Ingests darf weder Passwort noch Token enthalten."
    ),
    "Put secrets into the field for the stream key.": ("Geheimes gehört in das Feld für den Streamschlüssel."),
    "Streams can only go to public addresses and the usual ports of streaming servers.": (
        "Streams dürfen nur an öffentliche Adressen und übliche Ports von Streaming-Servern gehen."
    ),
    "Whoever runs Nonstop can allow more with [targets] allow in the settings.": (
        "Der Betreiber kann mehr erlauben: mit [targets] allow in den Einstellungen."
    ),
    "It looks like rtmp://HOST/APPLICATION.": "Sie sieht so aus: rtmp://HOST/ANWENDUNG.",
    "The target is used by the stream {}, which is {}. {}": (
        "Das Ziel wird vom Stream „{0:bare}“ benutzt ({1:told}). {2:told}"
    ),
    "The target is used by the stream {}, which is {}.": ("Das Ziel wird vom Stream „{0:bare}“ benutzt ({1:told})."),
    "See /stream status, or stop the stream first with /stream stop.": (
        "Sieh dir /stream status an, oder beende den Stream zuerst mit /stream stop."
    ),
    "It works: {} is on air there right now.": ("Es funktioniert: „{0:bare}“ ist dort gerade auf Sendung."),
    "The ingest accepted it after {} s and received two seconds of picture and sound.": (
        "Der Ingest hat es nach {0:number} s angenommen und zwei Sekunden Bild und Ton empfangen."
    ),
    "This machine cannot test it now.": "Dieser Rechner kann es gerade nicht testen.",
    "The engine's log says why.": "Im Log der Engine steht, warum.",
    "The target was removed.": "Das Ziel wurde entfernt.",
    "Add it again with /target add.": "Lege es mit /target add neu an.",
    "The ingest did not answer within {} s.": "Der Ingest hat innerhalb von {0} s nicht geantwortet.",
    "Check the target's URL, and that this machine can reach it.": (
        "Prüfe die URL des Ziels, und ob dieser Rechner sie erreichen kann."
    ),
    "The ingest accepted the connection and closed it again.": (
        "Der Ingest hat die Verbindung angenommen und wieder geschlossen."
    ),
    "Check the key, and that the platform's dashboard expects a stream.": (
        "Prüfe den Schlüssel, und ob das Dashboard der Plattform einen Stream erwartet."
    ),
    # Playlists
    "Another playlist is already called {}.": "Eine andere Playlist heißt schon „{0:bare}“.",
    "Give this one another name.": "Gib dieser einen anderen Namen.",
    "There is no saved playlist {}.": "Eine gespeicherte Playlist „{0:bare}“ gibt es nicht.",
    "See /playlist list.": "Sieh dir /playlist list an.",
    "A playlist's name has 1 to {} characters and is not {}.": (
        "Der Name einer Playlist hat 1 bis {0} Zeichen und ist nicht „{1:bare}“."
    ),
    "{} contains {}, which is not a playlist ID.": ("„{0:bare}“ enthält {1}, was keine Playlist-ID ist."),
    "{} is neither a playlist nor a video.": "„{0:bare}“ ist weder eine Playlist noch ein Video.",
    "{} is not the ID of a YouTube playlist or video.": "„{0:bare}“ ist keine ID einer Playlist oder eines Videos.",
    "{} is not a link.": "„{0:bare}“ ist kein Link.",
    "{} is not a link to YouTube.": "„{0:bare}“ ist kein Link zu YouTube.",
    "Give the link to a YouTube playlist or video (https://www.youtube.com/playlist?list=PL…), "
    "or just its ID (PL…, UU…, OLAK5uy_…, or the 11 characters of a video).": (
        "Gib den Link zu einer Playlist oder einem Video auf YouTube an (https://www.youtube.com/playlist?list=PL…), "
        "oder nur die ID (PL…, UU…, OLAK5uy_… oder die 11 Zeichen eines Videos)."
    ),
    "The playlist is empty.": "Die Playlist ist leer.",
    "This playlist is empty.": "Diese Playlist ist leer.",
    "Add videos to it, or choose another one.": "Füge ihr Videos hinzu, oder wähle eine andere.",
    "Nothing in this playlist can be played now.": "In dieser Playlist ist gerade nichts abspielbar.",
    "Nothing in this playlist can be played.": "Nichts in dieser Playlist ist abspielbar.",
    "The stream's log gives the reason for each video.": "Im Log des Streams steht der Grund für jedes Video.",
    "The playlist could not be read within {} s.": "Die Playlist ließ sich nicht innerhalb von {0} s lesen.",
    "The playlist cannot be read: yt-dlp does not understand it.": (
        "Die Playlist lässt sich nicht lesen: yt-dlp kommt nicht damit zurecht."
    ),
    "A newer yt-dlp may help.": "Ein neueres yt-dlp hilft vielleicht.",
    "There is no such playlist, or it is private.": "Diese Playlist gibt es nicht, oder sie ist privat.",
    "Make it public or unlisted, or give cookies of its owner ([youtube] cookies_file, account_guilds).": (
        "Mach sie öffentlich oder nicht gelistet, "
        "oder gib Cookies ihres Besitzers an ([youtube] cookies_file, account_guilds)."
    ),
    "This is not a YouTube link.": "Das ist kein Link zu YouTube.",
    # The order of play
    "There is no item {} in the list of {}.": "In der Liste von „{1:bare}“ gibt es kein Video „{0:bare}“.",
    "Find it with /stream queue search:.": "Such es mit /stream queue search:.",
    "Several items match: {}.": "Mehrere Videos passen: {0}.",
    "Choose one of the suggestions while you type.": "Wähle beim Tippen einen der Vorschläge.",
    "Skipped “{}”.": "„{0}“ übersprungen.",
    "Back to “{}”.": "Zurück zu „{0}“.",
    "Now playing “{}”.": "Jetzt läuft „{0}“.",
    "“{}” comes next.": "„{0}“ kommt als Nächstes.",
    "Removed “{}” from the queue.": "„{0}“ aus der Warteschlange entfernt.",
    "Cannot play “{}” now: {}.": "„{0}“ lässt sich gerade nicht abspielen: {1:told}.",
    "The current item keeps playing.": "Das aktuelle Video läuft weiter.",
    "“{}” is the last item left to play.": "„{0}“ ist das letzte verbliebene Video.",
    "Stop the stream instead.": "Beende lieber den Stream.",
    "That item is not in the list.": "Dieses Video ist nicht in der Liste.",
    "See /stream queue.": "Sieh dir /stream queue an.",
    "The playlist has finished.": "Die Playlist ist zu Ende.",
    "Start it again with /stream restart.": "Starte ihn neu mit /stream restart.",
    "Nothing is on air yet.": "Noch ist nichts auf Sendung.",
    "Try again in a moment.": "Versuch es gleich noch einmal.",
    "There is no previous item.": "Es gibt kein vorheriges Video.",
    "There is nothing to skip.": "Es gibt nichts zu überspringen.",
    # The engine
    "No engine is running: start one with `python -m streaming run`, or everything with `make run`.": (
        "Es läuft keine Engine: Starte eine mit `python -m streaming run`, oder alles mit `make run`."
    ),
    "The engine refused.": "Die Engine hat abgelehnt.",
    "The engine accepted the command but has not answered.": (
        "Die Engine hat den Befehl angenommen, aber noch nicht geantwortet."
    ),
    "See /stream status.": "Sieh dir /stream status an.",
    "The stream or target no longer exists.": "Den Stream oder das Ziel gibt es nicht mehr.",
    "This engine does not support that command.": "Diese Engine kennt diesen Befehl nicht.",
    "Update it to the bot's version.": "Bring sie auf die Version des Bots.",
    "The engine sent no picture.": "Die Engine hat kein Bild geschickt.",
    "There is nothing to see yet.": "Noch ist nichts zu sehen.",
    "Try again in a few seconds.": "Versuch es in ein paar Sekunden noch einmal.",
    "FFmpeg could not take a picture of what is on air.": "FFmpeg konnte kein Bild der laufenden Sendung machen.",
    "The machine is too busy. Try again later.": "Der Rechner ist überlastet. Versuch es später noch einmal.",
    "Try again at the next item.": "Versuch es beim nächsten Video noch einmal.",
    "The engine stopped unexpectedly.": "Die Engine wurde unerwartet beendet.",
    "An unexpected error occurred; the engine's log has the details.": (
        "Ein unerwarteter Fehler ist aufgetreten; im Log der Engine steht mehr."
    ),
    "None of its targets can be used.": "Keines seiner Ziele ist nutzbar.",
    "Add them again with /target add.": "Lege sie mit /target add neu an.",
    "FFmpeg cannot draw the slate: {}.": "FFmpeg kann das Standbild nicht zeichnen: {0}.",
    "This machine cannot play it now: {}.": "Dieser Rechner kann ihn gerade nicht spielen: {0}.",
    "{} Trying again.": "{0:told} Es wird erneut versucht.",
    "This machine cannot run FFmpeg: {}.": "Dieser Rechner kann FFmpeg nicht starten: {0}.",
    "The demo clips cannot be stored: {}.": "Die Demo-Clips lassen sich nicht speichern: {0}.",
    "The demo clip could not be drawn: {}.": "Der Demo-Clip ließ sich nicht zeichnen: {0}.",
    "The key for stream keys cannot be read from {}: {}.": (
        "Der Schlüssel für Streamschlüssel lässt sich nicht aus {0} lesen: {1}."
    ),
    "Set [secrets] key_file to a file this user can read.": (
        "Setze [secrets] key_file auf eine Datei, die dieser Benutzer lesen kann."
    ),
    "{} does not contain a key for stream keys (44 characters of URL-safe base64).": (
        "{0} enthält keinen Schlüssel für Streamschlüssel (44 Zeichen URL-sicheres Base64)."
    ),
    "Put the old file back, or give up what it encrypted with `python -m bot rekey --forget`.": (
        "Leg die alte Datei zurück, oder gib mit `python -m bot rekey --forget` auf, was sie verschlüsselt hat."
    ),
    "The key for stream keys cannot be stored in {}: {}.": (
        "Der Schlüssel für Streamschlüssel lässt sich in {0} nicht speichern: {1}."
    ),
    "Others can read the key file {} (its mode is {}).": (
        "Andere können die Schlüsseldatei {0} lesen (ihre Rechte sind {1})."
    ),
    "Make it private: chmod 600 {}": "Schütze die Datei: chmod 600 {0}",
    "A stored stream key was encrypted with another key.": (
        "Ein gespeicherter Streamschlüssel ist mit einem anderen Schlüssel verschlüsselt."
    ),
    "Put the old key file back ([secrets] key_file), or add the target again.": (
        "Leg die alte Schlüsseldatei zurück ([secrets] key_file), oder lege das Ziel neu an."
    ),
    # Limits
    "This server has reached its limit of streams ({}).": "Dieser Server hat sein Limit an Streams erreicht ({0}).",
    "Delete one with /stream delete.": "Lösche einen mit /stream delete.",
    "This server has reached its limit of streams on air ({}).": (
        "Dieser Server hat sein Limit an Streams auf Sendung erreicht ({0})."
    ),
    "Stop one with /stream stop.": "Beende einen mit /stream stop.",
    "This server has reached its limit of encoded streams ({}).": (
        "Dieser Server hat sein Limit an kodierten Streams erreicht ({0})."
    ),
    "This machine has reached its limit of encoded streams ({}).": (
        "Dieser Rechner hat sein Limit an kodierten Streams erreicht ({0})."
    ),
    "Stop one of them, or start this one with encode:copy.": "Beende einen davon, oder starte diesen mit encode:copy.",
    "This server has reached its limit of targets ({}).": "Dieser Server hat sein Limit an Zielen erreicht ({0}).",
    "Remove one with /target remove.": "Entferne eines mit /target remove.",
    "This server has reached its limit of saved playlists ({}).": (
        "Dieser Server hat sein Limit an gespeicherten Playlists erreicht ({0})."
    ),
    "Remove one with /playlist remove.": "Entferne eine mit /playlist remove.",
    "This server has reached its limit of panels ({}).": "Dieser Server hat sein Limit an Panels erreicht ({0}).",
    "Remove one with /stream panel remove:True.": "Entferne eines mit /stream panel remove:True.",
    "This server has reached its limit of target tests ({} a minute).": (
        "Dieser Server hat sein Limit an Zieltests erreicht ({0} pro Minute)."
    ),
    "This server has reached its limit of playlist refreshes ({} a minute).": (
        "Dieser Server hat sein Limit an Playlist-Prüfungen erreicht ({0} pro Minute)."
    ),
    "This server has reached its limit of previews ({} a minute).": (
        "Dieser Server hat sein Limit an Vorschaubildern erreicht ({0} pro Minute)."
    ),
    "Try again in a minute.": "Versuch es in einer Minute noch einmal.",
    "Too many requests for one server at the same time.": "Zu viele Anfragen auf einmal für einen Server.",
    "Too many targets are being tested at the moment.": "Gerade werden zu viele Ziele getestet.",
    "This machine cannot encode any more streams. This one starts as soon as another ends.": (
        "Dieser Rechner kann keine weiteren Streams kodieren. Dieser startet, sobald ein anderer endet."
    ),
    "This server has reached its limit of encoded streams. This one starts as soon as another ends.": (
        "Dieser Server hat sein Limit an kodierten Streams erreicht. Dieser startet, sobald ein anderer endet."
    ),
    "it needs encoding, and no encoder is free now": ("es muss kodiert werden, und gerade ist kein Encoder frei"),
    "The playlist {} belongs to the operator's account, which this server may not use.": (
        "Die Playlist {0} gehört zum Konto des Betreibers, das dieser Server nicht nutzen darf."
    ),
    "Choose a playlist that is public or unlisted.": "Wähle eine Playlist, die öffentlich oder nicht gelistet ist.",
    # Ingests
    "The ingest refuses the stream key. Check the key, and that nothing else streams with it.": (
        "Der Ingest lehnt den Streamschlüssel ab. Prüfe den Schlüssel, und ob sonst nichts damit sendet."
    ),
    "The ingest says that this key is already in use. Trying again; if this lasts, "
    "make sure that nothing else uses the key.": (
        "Der Ingest sagt, dass dieser Schlüssel schon benutzt wird. Es wird erneut versucht; bleibt es so, "
        "prüfe, ob sonst etwas den Schlüssel benutzt."
    ),
    "The ingest refuses the address. Check the target's URL.": (
        "Der Ingest lehnt die Adresse ab. Prüfe die URL des Ziels."
    ),
    (
        "Streams may not go to the target's address: it is not public. Whoever runs Nonstop can allow it "
        "([targets] allow)."
    ): (
        "An die Adresse des Ziels dürfen keine Streams gehen: Sie ist nicht öffentlich. "
        "Der Betreiber kann sie erlauben ([targets] allow)."
    ),
    "The ingest cannot be reached. If this lasts, check the target's URL.": (
        "Der Ingest ist nicht erreichbar. Bleibt es so, prüfe die URL des Ziels."
    ),
    "The ingest closed the connection. Reconnecting.": (
        "Der Ingest hat die Verbindung geschlossen. Neue Verbindung wird aufgebaut."
    ),
    "The connection to the ingest ended. Reconnecting.": (
        "Die Verbindung zum Ingest ist abgebrochen. Neue Verbindung wird aufgebaut."
    ),
    "The ingest's certificate is not trusted, so the key was not sent. "
    "Check the target's URL; name a private certificate authority in the settings.": (
        "Das Zertifikat des Ingests ist nicht vertrauenswürdig, deshalb wurde der Schlüssel nicht gesendet. "
        "Prüfe die URL des Ziels; eine private Zertifizierungsstelle gehört in die Einstellungen."
    ),
    "The server's name is unknown. Check the address, and this machine's DNS.": (
        "Der Name des Servers ist unbekannt. Prüfe die Adresse und das DNS dieses Rechners."
    ),
    "The item's server refuses access. A new URL may help.": (
        "Der Server des Videos verweigert den Zugriff. Eine neue URL hilft vielleicht."
    ),
    "The item no longer exists. Skipping it.": "Das Video gibt es nicht mehr. Es wird übersprungen.",
    "The item's server does not respond properly. Trying again.": (
        "Der Server des Videos antwortet nicht richtig. Es wird erneut versucht."
    ),
    "The item ended too early. Requesting the rest again.": (
        "Das Video endet zu früh. Der Rest wird noch einmal geholt."
    ),
    "The item is not a media file, or it is damaged. It is skipped if it cannot be played.": (
        "Das ist keine Mediendatei, oder sie ist beschädigt. Sie wird übersprungen, wenn sie sich nicht "
        "abspielen lässt."
    ),
    "The item is not a media file, but a list or something else. Skipping it.": (
        "Das ist keine Mediendatei, sondern eine Liste oder etwas anderes. Sie wird übersprungen."
    ),
    "The item's picture is larger than 8K. Skipping it.": "Das Bild ist größer als 8K. Das Video wird übersprungen.",
    "FFmpeg needs more memory than it may use. If the item is fine, raise feeder_memory_mb.": (
        "FFmpeg braucht mehr Speicher, als es nutzen darf. Ist das Video in Ordnung, erhöhe feeder_memory_mb."
    ),
    "FFmpeg's output is no longer read. This is normal when a stream ends or skips.": (
        "Die Ausgabe von FFmpeg wird nicht mehr gelesen. Das ist normal, wenn ein Stream endet oder springt."
    ),
    "The disk is full. Free some space.": "Die Festplatte ist voll. Gib Speicherplatz frei.",
    # The watch
    "The ingest does not answer: the uplink reconnects.": (
        "Der Ingest antwortet nicht: Der Uplink verbindet sich neu."
    ),
    "The ingest accepts no data: the uplink reconnects.": "Der Ingest nimmt nichts an: Der Uplink verbindet sich neu.",
    "The uplink is stuck: it is replaced.": "Der Uplink hängt: Er wird ersetzt.",
    "The uplink is behind: it jumps to the newest keyframe.": (
        "Der Uplink ist im Rückstand: Er springt zum neuesten Keyframe."
    ),
    "The uplink is too slow: this network or machine cannot keep up with the stream.": (
        "Der Uplink ist zu langsam: Netz oder Rechner halten mit dem Stream nicht Schritt."
    ),
    "The feeder is stuck: it is replaced and continues where it stopped.": (
        "Der Feeder hängt: Er wird ersetzt und läuft an derselben Stelle weiter."
    ),
    "The item's server sends nothing: the item is reopened where it stopped.": (
        "Der Server des Videos sendet nichts: Es wird an derselben Stelle neu geöffnet."
    ),
    "Sound and picture drift apart: the item has no sound or no picture here.": (
        "Ton und Bild laufen auseinander: Dem Video fehlt hier das eine oder das andere."
    ),
    "The slate is on air: it stays until an item can be played.": (
        "Das Standbild ist auf Sendung: Es bleibt, bis etwas abspielbar ist."
    ),
    # The platform
    "YouTube asks this address to prove that it is not a bot.": (
        "YouTube verlangt von dieser Adresse den Beweis, dass sie kein Bot ist."
    ),
    "YouTube asks this address to solve a captcha.": "YouTube verlangt von dieser Adresse ein Captcha.",
    "YouTube asks for a pause of up to an hour.": "YouTube bittet um eine Pause von bis zu einer Stunde.",
    "YouTube seems to block this address.": "YouTube sperrt diese Adresse offenbar.",
    "YouTube says that this address sends too many requests.": (
        "YouTube sagt, dass diese Adresse zu viele Anfragen stellt."
    ),
    "Use another address for YouTube ([youtube] proxy) or an account ([youtube] cookies_file, account_guilds).": (
        "Nutze für YouTube eine andere Adresse ([youtube] proxy) oder ein Konto ([youtube] cookies_file, "
        "account_guilds)."
    ),
    "YouTube no longer accepts the cookies.": "YouTube nimmt die Cookies nicht mehr an.",
    "Export them again into [youtube] cookies_file.": "Exportiere sie neu nach [youtube] cookies_file.",
    "The cookies cannot be read.": "Die Cookies lassen sich nicht lesen.",
    "Export them in Netscape format into [youtube] cookies_file.": (
        "Exportiere sie im Netscape-Format nach [youtube] cookies_file."
    ),
    "The certificate shown for YouTube is not trusted.": "Das Zertifikat für YouTube ist nicht vertrauenswürdig.",
    "Behind a proxy that intercepts TLS, set its certificate authority in [youtube] ca_file.": (
        "Bricht ein Proxy TLS auf, trage seine Zertifizierungsstelle in [youtube] ca_file ein."
    ),
    "yt-dlp cannot be set up.": "yt-dlp lässt sich nicht einrichten.",
    "Check the [youtube] options. The engine's log has yt-dlp's message.": (
        "Prüfe die [youtube] options. Im Log der Engine steht die Meldung von yt-dlp."
    ),
    "YouTube could not be reached.": "YouTube war nicht zu erreichen.",
    "YouTube could not be reached through [youtube] proxy.": "YouTube war über [youtube] proxy nicht zu erreichen.",
    "YouTube did not answer in time.": "YouTube hat nicht rechtzeitig geantwortet.",
    "Reading the playlist from YouTube was interrupted.": "Das Lesen der Playlist von YouTube wurde unterbrochen.",
    "yt-dlp could not be started.": "yt-dlp ließ sich nicht starten.",
    "yt-dlp is not installed at this moment.": "yt-dlp ist gerade nicht installiert.",
    "yt-dlp crashed twice on this video.": "yt-dlp ist an diesem Video zweimal abgestürzt.",
    "youtube.proxy must begin with http://: media are read through HTTP proxies only.": (
        "youtube.proxy muss mit http:// beginnen: Medien werden nur über HTTP-Proxys gelesen."
    ),
}
