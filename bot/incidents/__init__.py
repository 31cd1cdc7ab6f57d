"""Incidents: one message for each time of trouble of a stream."""
