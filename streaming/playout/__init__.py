"""One stream on air: items are cued and sequenced, waits are filled, and health is monitored."""
