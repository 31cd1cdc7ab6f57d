"""Where media bytes come from: perishable URLs and files, all behind one loopback server that FFmpeg can rely on."""
