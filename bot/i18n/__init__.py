"""The languages people read: words by topic, translated engine messages, command descriptions."""
