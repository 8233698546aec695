"""The journey of a care request: reach, broadcast, offers, the client's choice, placement."""
